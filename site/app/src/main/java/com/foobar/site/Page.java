package com.foobar.site;

import java.util.List;

/**
 * What a read brought.
 *
 * @param node the database node that answered
 */
public record Page(List<Message> messages, String node) {

    public Page {
        messages = List.copyOf(messages);
    }

    public List<Message> getMessages() {
        return messages;
    }

    public String getNode() {
        return node;
    }
}
