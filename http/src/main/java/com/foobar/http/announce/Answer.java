package com.foobar.http.announce;

/**
 * What became of an announcement at one balancer.
 *
 * @param detail in words, with the cure where there is one; empty when it was heard
 */
public record Answer(Kind kind, String detail) {

    /** In a word. */
    public enum Kind {
        /** It acts accordingly from now on. */
        HEARD,
        /** It has no such pool or server. */
        UNKNOWN,
        /** It wants another token. */
        NOT_TRUSTED,
        /** It answered something else. */
        FAILED,
        /** It did not answer. It will notice by its checks, later. */
        SILENT
    }

    static Answer of(BalancerDoor door, String path, int status) {
        String where = door.balancer() + " (" + door.address() + ")";
        return switch (status) {
            case 200 -> new Answer(Kind.HEARD, "");
            case 404 ->
                new Answer(
                        Kind.UNKNOWN, where + " knows no " + path + "; give it the same topology file and reload it");
            case 401, 403 ->
                new Answer(Kind.NOT_TRUSTED, where + " refuses the token; set admin.token to the same on all servers");
            default -> new Answer(Kind.FAILED, where + " answered " + status);
        };
    }

    static Answer none(BalancerDoor door, String why) {
        return new Answer(Kind.SILENT, door.balancer() + " (" + door.address() + "): " + why);
    }
}
