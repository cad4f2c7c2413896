/* The header and its initialisers are C. */
#include "yolox.h"

yolox_status header_in_c(const char *weights, yolox_detector *detector);

yolox_status header_in_c(const char *weights, yolox_detector *detector) {
  yolox_runtime runtime = YOLOX_RUNTIME_INIT;
  yolox_options options = YOLOX_OPTIONS_INIT;
  yolox_status status = yolox_start(&runtime);
  options.weights = weights;
  return status == YOLOX_OK ? yolox_open(&options, detector) : status;
}
