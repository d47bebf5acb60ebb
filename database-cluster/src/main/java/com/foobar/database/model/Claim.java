package com.foobar.database.model;

/** A new epoch in preparation: from its record on, the old primary's keeper gets no more lease, and the epoch is used up. */
public record Claim(Epoch epoch, Term term) {}
