/**
 * The DataSource that knows the cluster, and the only room that knows HikariCP. Of the cluster it knows one document: who is primary,
 * who follows, how far behind. What is decided (who is asked, what a failure means, whether a position covers another) is pure; pools,
 * connections and the news are at the edge.
 */
@NullMarked
package com.foobar.appserver.data;

import org.jspecify.annotations.NullMarked;
