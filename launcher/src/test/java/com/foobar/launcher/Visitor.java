package com.foobar.launcher;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A client with its cookies; for one thread at a time. */
final class Visitor {
    private final Stack stack;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    Visitor(Stack stack) {
        this.stack = stack;
    }

    HttpResponse<String> get(String path) {
        return send(stack.request(path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            List<String> pairs = new ArrayList<>();
            cookies.forEach((name, value) -> pairs.add(name + "=" + value));
            request.header("Cookie", String.join("; ", pairs));
        }
        HttpResponse<String> answer = stack.send(request);
        for (String field : answer.headers().allValues("Set-Cookie")) {
            String[] pair = field.split(";", 2)[0].split("=", 2);
            cookies.put(pair[0], pair[1]);
        }
        return answer;
    }

    /** The application server that answered. */
    static String app(HttpResponse<String> answer) {
        String served = answer.headers().firstValue("X-Served-By").orElse("");
        return served.substring(served.lastIndexOf(' ') + 1);
    }
}
