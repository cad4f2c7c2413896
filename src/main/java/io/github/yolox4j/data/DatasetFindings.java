package io.github.yolox4j.data;

import java.util.List;
import java.util.Map;

/**
 * What a check has found.
 *
 * @param findings by kind, which place and what; only kinds of which there are some
 * @param statistics of the splits that could be read
 */
public record DatasetFindings(
    Map<FindingKind, List<String>> findings, List<SplitStatistics> statistics) {

  /** {@return whether something of a {@linkplain FindingKind#fatal fatal} kind was found} */
  public boolean fatal() {
    return findings.keySet().stream().anyMatch(FindingKind::fatal);
  }
}
