package io.github.yolox4j.plan;

/** A compiled task. Shared by all workspaces of a plan. */
interface Step {

  /** Memory that it needs while it runs, in bytes. */
  long scratchBytes();

  /** Ties the task to a workspace's memory. */
  Runnable bind(Workspace workspace);
}
