package com.foobar.database.coordinator;

import com.foobar.database.model.NodeName;
import com.foobar.database.model.Policy;
import com.foobar.kernel.value.HostPort;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything a coordinator is told.
 *
 * @param name of this coordinator, which is that of its voter
 * @param cluster whose record it keeps; nodes with the data of another are refused
 * @param addresses of all database nodes, as applications reach them
 * @param folder where the certificates of its failovers are kept
 */
public record CoordinatorPlan(
        String name, String cluster, SortedMap<NodeName, HostPort> addresses, Policy policy, Tempo tempo, Path folder) {

    public CoordinatorPlan {
        addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
    }
}
