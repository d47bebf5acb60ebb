package com.foobar.database.simulate;

import com.foobar.database.decide.Wish;
import java.util.Random;

/** What goes wrong, drawn from the seed. */
final class Faults {
    private final World world;
    private final Random random;
    private final int everyMillis;
    private long next;

    Faults(World world) {
        this.world = world;
        this.random = world.random();
        this.everyMillis = 80 + random.nextInt(900);
        this.next = 300 + random.nextInt(900);
    }

    void tick() {
        if (world.now() < next) {
            return;
        }
        next = world.now() + 1 + random.nextInt(2 * everyMillis);
        int count = random.nextInt(5) == 0 ? 2 : 1; // two at once
        for (int i = 0; i < count; i++) {
            one();
        }
    }

    private void one() {
        SimNode node = random.nextInt(2) == 0
                ? primary()
                : world.nodes().get(random.nextInt(world.nodes().size()));
        long until = world.now() + 50 + random.nextInt(random.nextInt(4) == 0 ? 3000 : 600);
        switch (random.nextInt(12)) {
            case 0, 1 -> crash(node);
            case 2 -> node.hungUntil = node.up ? until : 0;
            case 3 -> world.net().freeze(node.place, until);
            case 4, 5 -> cutOff(node.place, until);
            case 6 -> oneWay(until);
            case 7 -> betweenNodes(until);
            case 8 -> node.restartReceiver();
            case 9 -> coordinator(until);
            case 10 -> node.applyRate = random.nextInt(3);
            default -> wish();
        }
    }

    private SimNode primary() {
        return world.node(world.place(world.quorum().record().primary()));
    }

    private static void crash(SimNode node) {
        if (node.up) {
            node.crash();
        }
    }

    private void cutOff(int place, long until) {
        int spared = random.nextInt(2) == 0 ? -1 : random.nextInt(world.places());
        for (int other = 0; other < world.places(); other++) {
            if (other != place && other != spared) {
                world.net().cut(place, other, until);
                world.net().cut(other, place, until);
            }
        }
    }

    private void oneWay(long until) {
        world.net().cut(random.nextInt(world.places()), random.nextInt(world.places()), until);
    }

    private void betweenNodes(long until) {
        for (SimNode one : world.nodes()) {
            for (SimNode other : world.nodes()) {
                if (one != other && random.nextInt(2) == 0) {
                    world.net().cut(one.place, other.place, until);
                    world.net().cut(other.place, one.place, until);
                }
            }
        }
    }

    private void coordinator(long until) {
        SimCoordinator one =
                world.coordinators().get(random.nextInt(world.coordinators().size()));
        if (!one.up) {
            one.start();
        } else if (random.nextInt(2) == 0) {
            one.crash();
        } else {
            world.net().freeze(world.coordinatorPlace(one), until);
        }
    }

    private void wish() {
        Wish wish = random.nextInt(3) == 0
                ? new Wish.Failover()
                : new Wish.Switchover(
                        random.nextBoolean()
                                ? null
                                : world.nodes().get(random.nextInt(world.nodes().size())).name);
        for (SimCoordinator one : world.coordinators()) {
            one.wish = wish;
            one.wishUntil = world.now() + 100;
        }
    }
}
