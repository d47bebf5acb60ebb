package com.foobar.launcher;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The picture in docs/ARCHITECTURE.md, executable: an arrow that is not drawn there fails here. */
class ArchitectureTest {
    private static final String ROOT = "com.foobar.";

    /** Module by root package, and the modules it may use. */
    private static final Map<String, Set<String>> ARROWS = new TreeMap<>(Map.of(
            "kernel", Set.of(),
            "http", Set.of("kernel"),
            "quorum", Set.of("kernel"),
            "lb", Set.of("http", "quorum", "kernel"),
            "webserver", Set.of("http", "kernel"),
            "appserver", Set.of("http", "kernel"),
            "database", Set.of("quorum", "kernel"),
            "launcher", Set.of("lb", "webserver", "appserver", "database", "quorum", "http", "kernel")));

    /** Library packages and the only rooms that may know them. */
    private static final Map<String, Set<String>> LIBRARY_ROOMS = new TreeMap<>(Map.of(
            "picocli", Set.of("launcher"),
            "org.apache.commons.configuration2", Set.of("kernel.config"),
            "org.yaml.snakeyaml", Set.of("kernel.config"),
            "ch.qos.logback", Set.of("kernel.log"),
            "io.undertow", Set.of("http", "lb", "webserver", "appserver"),
            "org.xnio", Set.of("http", "lb", "webserver", "appserver"),
            "org.eclipse.jetty", Set.of("appserver"),
            "com.zaxxer.hikari", Set.of("appserver"),
            "org.apache.ratis", Set.of("quorum"),
            "com.sun.net.httpserver", Set.of("launcher.admin")));

    /** Rooms whose rule is: no sockets, files, clocks, loggers or threads. */
    private static final String[] PURE = {
        "http.pool", "webserver.answer", "launcher.topology", "database.model", "database.decide"
    };

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/testkit"))
            .importPackages("com.foobar");

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("com.foobar");

    @TestFactory
    Stream<DynamicTest> arrowsNotDrawnAreForbidden() {
        return ARROWS.entrySet().stream()
                .map(module -> DynamicTest.dynamicTest(module.getKey(), () -> {
                    String[] others = ARROWS.keySet().stream()
                            .filter(other -> !other.equals(module.getKey())
                                    && !module.getValue().contains(other))
                            .map(other -> ROOT + other + "..")
                            .toArray(String[]::new);
                    if (others.length > 0) {
                        check(noClasses()
                                .that()
                                .resideInAPackage(ROOT + module.getKey() + "..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(others));
                    }
                }));
    }

    @Test
    void everyClassStandsInAModuleThatIsDrawn() {
        check(classes()
                .should()
                .resideInAnyPackage(ARROWS.keySet().stream()
                        .map(module -> ROOT + module + "..")
                        .toArray(String[]::new)));
    }

    /** Fails when the importer sees too little to judge: a green test over no classes proves nothing. */
    @Test
    void theModuleGraphIsSeen() {
        Map<String, Set<String>> seen = new TreeMap<>();
        PRODUCTION.forEach(type -> type.getDirectDependenciesFromSelf().forEach(dependency -> {
            String from = module(type.getPackageName());
            String to = module(dependency.getTargetClass().getPackageName());
            if (!to.isEmpty() && !to.equals(from)) {
                seen.computeIfAbsent(from, key -> new TreeSet<>()).add(to);
            }
        }));
        System.out.println("module graph as seen: " + seen);
        assertThat(seen.get("launcher")).contains("kernel", "lb", "webserver", "appserver", "database");
    }

    @TestFactory
    Stream<DynamicTest> librariesStayInTheirRoom() {
        return LIBRARY_ROOMS.entrySet().stream()
                .map(library -> DynamicTest.dynamicTest(library.getKey(), () -> {
                    String[] rooms = library.getValue().stream()
                            .map(room -> ROOT + room + "..")
                            .toArray(String[]::new);
                    check(noClasses()
                            .that(not(resideInAnyPackage(rooms)))
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(library.getKey() + ".."));
                }));
    }

    @TestFactory
    Stream<DynamicTest> pureRoomsArePure() {
        return Stream.of(PURE)
                .map(room -> DynamicTest.dynamicTest(
                        room,
                        () -> check(noClasses()
                                .that()
                                .resideInAPackage(ROOT + room + "..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "java.net",
                                        "java.nio.channels..",
                                        "java.nio.file..",
                                        "java.sql..",
                                        "org.slf4j..",
                                        "java.time.chrono..")
                                .orShould()
                                .dependOnClassesThat()
                                .belongToAnyOf(Thread.class, java.time.Clock.class)
                                .orShould()
                                .callMethod(System.class, "nanoTime")
                                .orShould()
                                .callMethod(System.class, "currentTimeMillis"))));
    }

    @Test
    void noCyclesBetweenRooms() {
        SlicesRuleDefinition.slices()
                .matching("com.foobar.(*).(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(PRODUCTION);
    }

    @Test
    void onlyTheLauncherEndsTheJvmOrReadsItsEnvironment() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "launcher..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .orShould()
                .callMethod(Runtime.class, "addShutdownHook", Thread.class)
                .orShould()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class));
    }

    @Test
    void nobodySleeps() {
        for (JavaClasses where : Set.of(PRODUCTION, TESTS)) {
            noClasses()
                    .that()
                    .resideInAPackage("com.foobar..")
                    .should()
                    .callMethod(Thread.class, "sleep", long.class)
                    .orShould()
                    .callMethod(Thread.class, "sleep", long.class, int.class)
                    .orShould()
                    .callMethod(TimeUnit.class, "sleep", long.class)
                    .allowEmptyShould(true)
                    .check(where);
        }
    }

    @Test
    void threadsAreNamedInOnePlace() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "kernel.thread")
                .should()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class, String.class)
                .orShould()
                .callConstructor(Thread.class));
    }

    @Test
    void noNameSaysNothing() {
        check(noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Impl"));
        check(noClasses().should().resideInAnyPackage("..util..", "..common..", "..helper..", "..misc..", "..impl.."));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(PRODUCTION);
    }

    private static String module(String packageName) {
        if (!packageName.startsWith(ROOT)) {
            return "";
        }
        String rest = packageName.substring(ROOT.length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }
}
