package com.foobar.webserver.files;

/** What the name of a file says about every coding of it. */
record Described(String type, String cacheControl, boolean varies) {

    static final Described NOTHING = new Described("", "", false);
}
