package com.foobar.webserver.answer;

/**
 * Which files a rule is for. With a slash at its beginning the pattern is matched against the whole path, else against the last
 * name; {@code *} stands for any letters but the slash, {@code **} for any letters at all.
 */
public record PathPattern(String text) {

    /** The name is relative to the root, as {@link FileName} gives it. */
    public boolean covers(String name) {
        return text.startsWith("/") ? matches(1, name, 0) : matches(0, FileName.last(name), 0);
    }

    /** Backtracks only at stars, and a pattern has few: see {@link #legal}. */
    private boolean matches(int p, String name, int n) {
        int at = n;
        for (int i = p; i < text.length(); i++) {
            if (text.charAt(i) == '*') {
                boolean deep = i + 1 < text.length() && text.charAt(i + 1) == '*';
                return star(deep ? i + 2 : i + 1, name, at, deep);
            }
            if (at >= name.length() || name.charAt(at) != text.charAt(i)) {
                return false;
            }
            at++;
        }
        return at == name.length();
    }

    private boolean star(int rest, String name, int from, boolean deep) {
        for (int end = from; end <= name.length(); end++) {
            if (matches(rest, name, end)) {
                return true;
            }
            if (end < name.length() && !deep && name.charAt(end) == '/') {
                return false;
            }
        }
        return false;
    }

    /** Four stars try a name of 255 letters in few enough ways. */
    public static boolean legal(String text) {
        long stars = text.chars().filter(letter -> letter == '*').count();
        boolean visible = text.chars().allMatch(letter -> letter > ' ' && letter != 127);
        return !text.isEmpty() && visible && stars <= 4 && (text.startsWith("/") || text.indexOf('/') < 0);
    }
}
