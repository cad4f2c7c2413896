/** Reports on evaluations for people and programs: an HTML page with charts, JSON and CSV. */
package io.github.yolox4j.report;
