package com.foobar.bench.tomcat;

import com.foobar.bench.page.Hello;
import com.foobar.bench.page.Row;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.AccessLogValve;

/** The pages in one Tomcat with one pool; runs until it is killed. Its only argument is a properties file. */
public final class TomcatServer {

    public static final String PORT = "port";

    /** Where its access log goes. */
    public static final String FOLDER = "folder";

    /** A JDBC address; without it there is no pool and only {@link Hello} answers. */
    public static final String DATABASE = "database";

    public static final String USER = "user";
    public static final String PASSWORD = "password";

    /** As many as our application server has for reading unless told otherwise. */
    public static final int CONNECTIONS = 16;

    private static final int AN_HOUR = 3_600_000;

    private TomcatServer() {}

    public static void main(String[] arguments) throws IOException, LifecycleException {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of(arguments[0]))) {
            properties.load(file);
        }
        Path folder = Path.of(properties.getProperty(FOLDER));
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setConnector(connector(Integer.parseInt(properties.getProperty(PORT))));
        Context context = tomcat.addContext("", folder.toString());
        if (properties.containsKey(DATABASE)) {
            context.getServletContext().setAttribute(Row.ATTRIBUTE, pool(properties));
        }
        page(context, "hello", new Hello());
        page(context, "row", new Row());
        tomcat.getHost().getPipeline().addValve(accessLog(folder));
        tomcat.start();
        tomcat.getServer().await();
    }

    private static void page(Context context, String name, HttpServlet servlet) {
        Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
        wrapper.setLoadOnStartup(1);
        wrapper.addMapping("/" + name);
    }

    /** No limit of requests per connection and no early goodbye: the load generator counts a closed connection as an error. */
    private static Connector connector(int port) {
        Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(port);
        setting(connector, "address", "127.0.0.1");
        setting(connector, "maxKeepAliveRequests", "-1");
        setting(connector, "keepAliveTimeout", Integer.toString(AN_HOUR));
        setting(connector, "acceptCount", "4096");
        return connector;
    }

    private static void setting(Connector connector, String name, String value) {
        if (!connector.setProperty(name, value)) {
            throw new IllegalStateException("Tomcat's connector knows no " + name);
        }
    }

    private static AccessLogValve accessLog(Path folder) {
        AccessLogValve log = new AccessLogValve();
        log.setDirectory(folder.toString());
        log.setPattern("combined");
        log.setBuffered(true);
        log.setRotatable(false);
        return log;
    }

    /** As HikariCP's own advice for this driver has it; nothing that would cost a round trip is left on. */
    private static HikariDataSource pool(Properties properties) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(properties.getProperty(DATABASE));
        config.setUsername(properties.getProperty(USER));
        config.setPassword(properties.getProperty(PASSWORD));
        config.setReadOnly(true);
        config.setMaximumPoolSize(CONNECTIONS);
        config.addDataSourceProperty("useServerPrepStmts", "true");
        config.addDataSourceProperty("cachePrepStmts", "true");
        config.addDataSourceProperty("prepStmtCacheSize", "250");
        config.addDataSourceProperty("prepStmtCacheSqlLimit", "2048");
        config.addDataSourceProperty("useLocalSessionState", "true");
        config.addDataSourceProperty("cacheResultSetMetadata", "true");
        config.addDataSourceProperty("cacheServerConfiguration", "true");
        config.addDataSourceProperty("elideSetAutoCommits", "true");
        config.addDataSourceProperty("maintainTimeStats", "false");
        return new HikariDataSource(config);
    }
}
