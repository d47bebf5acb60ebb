package com.foobar.database.model;

/**
 * One life of a replica's relay log. MariaDB throws the relay log away when its replication threads restart and fetches again
 * from the applied position: whatever an earlier generation acknowledged and had not applied may be gone. So an acknowledgement
 * is worth something only while the generation in which it was given lives.
 *
 * @param boot the server's life
 * @param followed the epoch whose primary this receiver was told to follow
 * @param starts how often the threads were started for it; one more after each restart. Who cannot know (a keeper that itself
 *     restarted) must report a number never used before
 */
public record Generation(String boot, Epoch followed, long starts) {
    /** What no receiver ever reports: a node that may be attached though nobody knows since when. */
    public static final Generation UNKNOWN = new Generation("?", Epoch.NONE, 0);

    /** What the generation will be once the node is told to follow in that epoch: known before, so it can be recorded before. */
    public Generation next(String bootNow, Epoch epoch) {
        boolean again = boot.equals(bootNow) && followed.equals(epoch);
        return new Generation(bootNow, epoch, again ? starts + 1 : 1);
    }

    @Override
    public String toString() {
        return boot + "/" + followed.number() + "." + starts;
    }
}
