package com.foobar.http.listen;

/** One connection that speaks HTTP, as its listener sees it. Both calls may come from any thread. */
interface Conversation {

    /** Ends as soon as what is in flight is answered; at once when nothing is. */
    void finish();

    /** Ends now. */
    void cut();
}
