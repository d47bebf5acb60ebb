package com.foobar.quorum;

import java.util.Optional;

/**
 * What one voter believes.
 *
 * @param leads whether it was elected and knows of nobody newer; not a lease
 * @param term grows with every new leader
 * @param leader who leads, as far as this voter knows
 */
public record Standing(boolean leads, long term, Optional<String> leader) {}
