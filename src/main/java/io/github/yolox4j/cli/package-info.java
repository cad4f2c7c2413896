/** The command line: the only package that prints or exits. */
package io.github.yolox4j.cli;
