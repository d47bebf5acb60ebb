package com.foobar.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One header line as it was on the wire: the name's case kept, the value without the blanks around it. */
public record Header(String name, String value) {

    static @Nullable String first(List<Header> headers, String name) {
        for (Header header : headers) {
            if (header.name.equalsIgnoreCase(name)) {
                return header.value;
            }
        }
        return null;
    }

    static List<String> all(List<Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.name.equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }

    @Override
    public String toString() {
        return name + ": " + value;
    }
}
