package com.foobar.webserver.answer;

/** Lists of entity tags against the tag of what would be sent; ours are all strong. RFC 9110, 8.8.3. */
final class EntityTag {

    private EntityTag() {}

    /** For If-Match: a weak tag never matches. */
    static boolean strong(String list, String ours) {
        return matches(list, ours, false);
    }

    /** For If-None-Match: weak or not, the same text is the same. */
    static boolean weak(String list, String ours) {
        return matches(list, ours, true);
    }

    /** Stops at the first thing that is no tag: what follows it cannot be told apart any more. */
    private static boolean matches(String list, String ours, boolean weakToo) {
        int at = 0;
        int length = list.length();
        if (list.trim().equals("*")) {
            return true;
        }
        while (at < length) {
            char letter = list.charAt(at);
            if (letter == ' ' || letter == '\t' || letter == ',') {
                at++;
                continue;
            }
            boolean weak = list.startsWith("W/", at);
            int open = weak ? at + 2 : at;
            if (open >= length || list.charAt(open) != '"') {
                return false;
            }
            int close = list.indexOf('"', open + 1);
            if (close < 0) {
                return false;
            }
            int size = close + 1 - open;
            if ((weakToo || !weak) && size == ours.length() && list.startsWith(ours, open)) {
                return true;
            }
            at = close + 1;
        }
        return false;
    }
}
