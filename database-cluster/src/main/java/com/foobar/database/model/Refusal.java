package com.foobar.database.model;

import java.util.List;

/** A decision not to act: what was wanted, every reason against it, and what would help. */
public record Refusal(String wanted, List<String> reasons, String cure) {

    public Refusal {
        reasons = List.copyOf(reasons);
    }

    @Override
    public String toString() {
        return "refused: " + wanted + " because " + String.join("; ", reasons) + ". " + cure;
    }
}
