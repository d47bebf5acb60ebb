package com.foobar.http.listen;

import java.lang.reflect.InvocationTargetException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose code does TLS. Conscrypt carries BoringSSL and costs less per handshake and per byte; it needs a native library, so it
 * can be missing, and {@code auto} then takes the JDK's engine without a word on the console.
 */
public enum TlsEngine {
    AUTO,
    CONSCRYPT,
    JDK;

    private static final Logger LOG = LoggerFactory.getLogger(TlsEngine.class);

    /** Since JDK 24 loading a native library prints a warning unless the launcher's manifest (or an option) allows it. */
    private static final int FIRST_TO_WARN = 24;

    /** Conscrypt's provider, made once: loading the library is not free, and failing to load it even less so. */
    private static final class Native {
        private static final @Nullable Provider PROVIDER = load();

        private static @Nullable Provider load() {
            try {
                return Class.forName("org.conscrypt.OpenSSLProvider")
                        .asSubclass(Provider.class)
                        .getConstructor()
                        .newInstance();
            } catch (ClassNotFoundException e) {
                LOG.debug("Conscrypt is not on the class path");
            } catch (InvocationTargetException e) {
                LOG.debug("Conscrypt's native library does not load here: {}", String.valueOf(e.getCause()));
            } catch (ReflectiveOperationException | LinkageError e) {
                LOG.debug("Conscrypt does not load here: {}", e.toString());
            }
            return null;
        }
    }

    /** A context of this engine that asks clients for no certificate. */
    public SSLContext context(KeyManager... keys) throws GeneralSecurityException {
        Optional<Provider> provider = provider();
        SSLContext context = provider.isEmpty()
                ? SSLContext.getInstance("TLS")
                : SSLContext.getInstance("TLS", provider.orElseThrow());
        // No trust managers: the JDK's bundle of authorities would be read for nothing.
        context.init(keys, new TrustManager[0], null);
        return context;
    }

    /** Conscrypt's provider, or nothing where the JDK's own engine is to be used. */
    public Optional<Provider> provider() throws GeneralSecurityException {
        Provider conscrypt = wantsNative() ? Native.PROVIDER : null;
        if (this == CONSCRYPT && conscrypt == null) {
            throw new GeneralSecurityException("the TLS engine 'conscrypt' cannot be loaded on this machine ("
                    + System.getProperty("os.name") + ", " + System.getProperty("os.arch") + "); use 'auto' or 'jdk'");
        }
        return Optional.ofNullable(conscrypt);
    }

    private boolean wantsNative() {
        return this == CONSCRYPT || (this == AUTO && loadsSilently());
    }

    static boolean loadsSilently() {
        return Runtime.version().feature() < FIRST_TO_WARN || nativeAccessAllowed();
    }

    private static boolean nativeAccessAllowed() {
        try {
            // Module.isNativeAccessEnabled() came with JDK 22; the language level here is 17.
            Object allowed = Module.class.getMethod("isNativeAccessEnabled").invoke(TlsEngine.class.getModule());
            return Boolean.TRUE.equals(allowed);
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
