package io.github.yolox4j.loss;

/**
 * The k cheapest of the candidates that were offered; of equal costs the one with the lower index.
 */
final class Cheapest {

  private final int[] candidates;
  private final double[] costs;
  private int limit;
  private int size;

  Cheapest(int most) {
    candidates = new int[most];
    costs = new double[most];
  }

  void clear(int k) {
    limit = k;
    size = 0;
  }

  void offer(int candidate, double cost) {
    if (size == limit && !before(cost, candidate, size - 1)) {
      return;
    }
    int place = size == limit ? size - 1 : size++;
    while (place > 0 && before(cost, candidate, place - 1)) {
      candidates[place] = candidates[place - 1];
      costs[place] = costs[place - 1];
      place--;
    }
    candidates[place] = candidate;
    costs[place] = cost;
  }

  private boolean before(double cost, int candidate, int place) {
    return cost < costs[place] || (cost == costs[place] && candidate < candidates[place]);
  }

  int size() {
    return size;
  }

  int get(int place) {
    return candidates[place];
  }
}
