package com.foobar.database.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.decide.Action;
import com.foobar.database.decide.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The coordinator dies before, or right after, each single action of a course; another takes over from the record and by looking. */
class InterruptionTest {
    private static final long LIMIT = 15_000;

    /** A calm world in which something happens at the n-th action that follows the trouble. */
    private static final class Watched extends World {
        private final List<String> taken = new ArrayList<>();
        private boolean counting;
        private int at = -1;
        private boolean before;
        private Consumer<SimCoordinator> then = by -> {};

        Watched(long seed) {
            super(seed, Variation.NONE, true);
            net().calm();
        }

        @Override
        void beforeAction(SimCoordinator by, Action action) {
            if (counting) {
                taken.add(action.getClass().getSimpleName());
                if (before && taken.size() - 1 == at) {
                    then.accept(by);
                }
            }
        }

        @Override
        void afterAction(SimCoordinator by, Action action) {
            if (counting && !before && taken.size() - 1 == at) {
                then.accept(by);
            }
        }
    }

    /** The troubles whose courses are interrupted. */
    enum Trouble {
        DIES {
            @Override
            void strike(World world, SimNode primary) {
                primary.crash();
            }
        },
        HANGS {
            @Override
            void strike(World world, SimNode primary) {
                primary.hungUntil = world.now() + 60_000;
            }
        },
        IS_CUT_OFF {
            @Override
            void strike(World world, SimNode primary) {
                for (int other = 0; other < world.places(); other++) {
                    if (other != primary.place) {
                        world.net().cut(primary.place, other, world.now() + 5_000);
                        world.net().cut(other, primary.place, world.now() + 5_000);
                    }
                }
            }
        },
        IS_RELIEVED {
            @Override
            void strike(World world, SimNode primary) {
                world.coordinators().forEach(one -> {
                    one.wish = new Wish.Switchover(null);
                    one.wishUntil = world.now() + 200;
                });
            }
        },
        DIES_AFTER_ITS_ACKERS_RECEIVER_RESTARTED {
            @Override
            void strike(World world, SimNode primary) {
                world.nodes().stream().filter(node -> node != primary).forEach(SimNode::restartReceiver);
                primary.crash();
            }
        },
        DIES_WITH_A_REPLICA {
            @Override
            void strike(World world, SimNode primary) {
                primary.crash();
                other(world, primary).crash();
            }
        };

        abstract void strike(World world, SimNode primary);
    }

    private static SimNode other(World world, SimNode primary) {
        return world.nodes().stream()
                .filter(node -> node != primary)
                .findFirst()
                .orElseThrow();
    }

    private static Watched running(long seed) {
        Watched world = new Watched(seed);
        runUntilWhole(world, "founding");
        for (int i = 0; i < 20; i++) {
            world.step();
        }
        return world;
    }

    private static SimNode primary(World world) {
        return world.node(world.place(world.quorum().record().primary()));
    }

    private static void runUntilWhole(World world, String what) {
        long began = world.now();
        long calm = began;
        while (world.now() - began < LIMIT && world.now() - calm < 400) {
            world.step();
            if (world.now() - began > LIMIT / 2) {
                world.stopWriting(); // equal logs are only seen where nobody writes
            }
            boolean well = world.diagnosedHealthy() && world.inOfficeWithAll();
            calm = well ? calm : world.now();
        }
        assertThat(world.now() - calm)
                .as("%s: %s%n%s", what, world.quorum().record(), end(world.trace()))
                .isGreaterThanOrEqualTo(400);
    }

    private static String end(List<String> trace) {
        return String.join("\n", trace.subList(Math.max(0, trace.size() - 12), trace.size()));
    }

    private static List<String> course(
            Trouble trouble, @Nullable Consumer<SimCoordinator> then, int at, boolean before) {
        Watched world = running(5);
        world.counting = true;
        world.at = at;
        world.before = before;
        world.then = then == null ? by -> {} : then;
        trouble.strike(world, primary(world));
        for (int i = 0; i < 30; i++) {
            world.step();
        }
        runUntilWhole(world, trouble + ", interrupted " + (before ? "before" : "after") + " action " + at);
        assertThat(world.coordinators().stream().filter(one -> !one.up).count())
                .as("%s: the interruption at action %d took place", trouble, at)
                .isEqualTo(then == null ? 0 : 1);
        return world.taken;
    }

    @TestFactory
    Stream<DynamicTest> everyActionOfEveryCourse() {
        return Stream.of(Trouble.values())
                .map(trouble -> DynamicTest.dynamicTest(trouble.name(), () -> {
                    List<String> actions = course(trouble, null, -1, false);
                    assertThat(actions)
                            .as("the course has steps to be interrupted")
                            .hasSizeGreaterThan(4);
                    IntStream.range(0, Math.min(actions.size(), 90)).parallel().forEach(at -> {
                        course(trouble, SimCoordinator::crash, at, true);
                        course(trouble, SimCoordinator::crash, at, false);
                    });
                }));
    }

    @Test
    void aSecondFailureAtEveryActionOfTheFirst() {
        int actions = course(Trouble.DIES, null, -1, false).size();
        IntStream.range(0, Math.min(actions, 90)).parallel().forEach(at -> {
            Watched world = running(5);
            world.counting = true;
            world.at = at;
            SimNode first = primary(world);
            world.then = by -> {
                SimNode now = primary(world);
                (now == first ? other(world, first) : now).crash();
            };
            first.crash();
            for (int i = 0; i < 30; i++) {
                world.step();
            }
            runUntilWhole(world, "second failure at action " + at);
            assertThat(world.invariants().acknowledgedCount()).isPositive();
        });
    }

    @Test
    void aPrimaryThatDiesIsReplacedWithoutWaitingForAnyTimeout() {
        Watched world = running(5);
        SimNode first = primary(world);
        first.crash();
        long began = world.now();
        int before = world.invariants().acknowledgedCount();
        while (world.invariants().acknowledgedCount() == before && world.now() - began < LIMIT) {
            world.step();
        }
        System.out.printf("simulated gap of acknowledgements after a death: %d ms%n", world.now() - began);
        assertThat(primary(world)).isNotSameAs(first);
        assertThat(world.now() - began).isLessThan(600);
    }
}
