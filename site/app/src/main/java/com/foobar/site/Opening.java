package com.foobar.site;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/**
 * Opens the guest book: makes or upgrades its tables, then lets requests in. It does not hold up the start of the server, because the
 * database may come later, and it tries until it succeeds.
 */
@WebListener
public final class Opening implements ServletContextListener {
    private static final String BOOK = GuestBook.class.getName();
    private static final long BETWEEN_ATTEMPTS = 500;

    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread migration;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        Thread thread = new Thread(() -> open(context), "guest-book-opening");
        thread.setDaemon(true);
        thread.start();
        migration = thread;
    }

    private void open(ServletContext context) {
        String last = "";
        do {
            try {
                migrate(Container.schema(), !last.isEmpty());
                context.setAttribute(BOOK, new GuestBook(Container.database()));
                return;
            } catch (NamingException | FlywayException e) {
                String now = String.valueOf(e.getMessage());
                if (!now.equals(last)) {
                    context.log("the guest book is not open yet: " + now);
                    last = now;
                }
            }
        } while (!closedWithin(BETWEEN_ATTEMPTS));
    }

    /**
     * A primary that dies in the middle leaves a step noted as failed, and Flyway would refuse to go on for ever; each step can be done
     * twice, so the note is taken away and the step repeated.
     */
    private static void migrate(DataSource schema, boolean again) {
        Flyway flyway = Flyway.configure(Opening.class.getClassLoader())
                .dataSource(schema)
                .locations("classpath:db/migration")
                .table("guest_book_schema")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
        if (again) {
            flyway.repair();
        }
        flyway.migrate();
    }

    private boolean closedWithin(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        closed.countDown();
        if (migration != null) {
            migration.interrupt();
        }
    }

    static GuestBook book(ServletContext context) throws Complaint {
        if (context.getAttribute(BOOK) instanceof GuestBook book) {
            return book;
        }
        throw Complaint.unavailable("the guest book is not open yet: its database is not ready");
    }
}
