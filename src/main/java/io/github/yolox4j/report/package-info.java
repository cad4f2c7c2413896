/**
 * Reports for people and programs: pages with charts about evaluations and training runs, JSON, CSV
 * and TensorBoard's event files.
 */
package io.github.yolox4j.report;
