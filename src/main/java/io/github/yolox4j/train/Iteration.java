package io.github.yolox4j.train;

/**
 * What is known of an iteration before it is done: an update of the parameters.
 *
 * @param number in the run, counted from 0
 * @param epoch its epoch, counted from 0
 * @param inEpoch its number in that epoch, counted from 0
 * @param size the pictures' size
 * @param rate the learning rate
 * @param last whether it is of the last phase: without mosaic and mixup, with the L1 loss
 * @param switched whether that phase begins with it
 * @param reported whether its losses are reported
 */
record Iteration(
    long number,
    int epoch,
    long inEpoch,
    Multiscale.Size size,
    double rate,
    boolean last,
    boolean switched,
    boolean reported) {}
