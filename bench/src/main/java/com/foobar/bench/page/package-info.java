/**
 * The pages that every application server is measured with, the same classes in all of them: from the class path in Tomcat, out of a
 * WAR in ours. They import the servlet interface and the JDK, nothing else, or the WAR would lack it.
 */
@NullMarked
package com.foobar.bench.page;

import org.jspecify.annotations.NullMarked;
