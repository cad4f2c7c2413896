#include "yolox.h"

#include <cstring>
#include <exception>
#include <new>
#include <string>

#include "entry_points.hpp"
#include "failure.hpp"
#include "virtual_machine.hpp"

namespace {

using yolox::embed::Description;
using yolox::embed::EntryPoints;
using yolox::embed::ErrorText;
using yolox::embed::Failure;

/** Room for a sentence with a long path in it; a longer one is cut off. */
constexpr std::size_t kErrorCapacity = 2048;

// an array, because it is still there while the thread's other variables are destroyed
thread_local char last_error[kErrorCapacity] = "";

yolox_status fail(yolox_status status, const char* sentence) noexcept {
  std::strncpy(last_error, sentence, kErrorCapacity - 1);
  return status;
}

/** Runs the body of a function of the C interface, which no exception may leave. */
template <typename Body>
yolox_status guarded(Body body) noexcept {
  try {
    return body();
  } catch (const Failure& e) {
    return fail(e.status(), e.what());
  } catch (const std::bad_alloc&) {
    return fail(YOLOX_OUT_OF_MEMORY, "There is not enough memory");
  } catch (const std::exception& e) {
    return fail(YOLOX_FAILED, e.what());
  } catch (...) {
    return fail(YOLOX_FAILED, "An exception of an unknown kind was thrown");
  }
}

void require(const void* pointer, const char* name) {
  if (pointer == nullptr) {
    throw Failure(YOLOX_INVALID_ARGUMENT, std::string(name) + " is a null pointer");
  }
}

void require_size(std::size_t found, std::size_t expected, const char* type) {
  if (found != expected) {
    throw Failure(YOLOX_INVALID_ARGUMENT,
                  std::string(type) + "'s struct_size is " + std::to_string(found) +
                      "; expected " + std::to_string(expected) +
                      ", which its initialiser sets where header and library go together");
  }
}

const EntryPoints& java() {
  static constexpr yolox_runtime usual = YOLOX_RUNTIME_INIT;
  return yolox::embed::entry_points(usual);
}

/** For calls with a detector: before the virtual machine has started there is none. */
const EntryPoints& java_of(yolox_detector detector) {
  const EntryPoints* started = yolox::embed::started();
  if (started == nullptr) {
    throw Failure(YOLOX_INVALID_DETECTOR, "There is no detector " + std::to_string(detector) +
                                              "; none has been opened yet");
  }
  return *started;
}

ErrorText error_text() { return {last_error, kErrorCapacity}; }

void require_room(const yolox_detection* detections, std::size_t capacity, const size_t* found) {
  require(found, "found");
  if (capacity > 0) {
    require(detections, "detections");
  }
}

Description describe(yolox_detector detector, std::size_t class_id) {
  const ErrorText error = error_text();
  Description description{};
  const yolox_status status = java_of(detector).describe(detector, class_id, &description, &error);
  if (status != YOLOX_OK) {
    throw Failure(status, last_error);
  }
  return description;
}

}  // namespace

const char* yolox_version(void) { return YOLOX4J_VERSION; }

const char* yolox_last_error(void) { return last_error; }

yolox_status yolox_start(const yolox_runtime* runtime) {
  return guarded([&] {
    if (runtime == nullptr) {
      java();
    } else {
      require_size(runtime->struct_size, sizeof *runtime, "yolox_runtime");
      yolox::embed::entry_points(*runtime);
    }
    return YOLOX_OK;
  });
}

yolox_status yolox_open(const yolox_options* options, yolox_detector* detector) {
  return guarded([&] {
    require(options, "options");
    require_size(options->struct_size, sizeof *options, "yolox_options");
    require(options->weights, "weights");
    require(detector, "detector");
    const ErrorText error = error_text();
    return java().open(options, detector, &error);
  });
}

yolox_status yolox_detect(yolox_detector detector, const yolox_picture* picture,
                          yolox_detection* detections, size_t capacity, size_t* found) {
  return guarded([&] {
    require(picture, "picture");
    require_room(detections, capacity, found);
    const ErrorText error = error_text();
    return java_of(detector).detect(detector, picture, 1, detections, capacity, found, &error);
  });
}

yolox_status yolox_detect_batch(yolox_detector detector, const yolox_picture* pictures,
                                size_t count, yolox_detection* detections, size_t capacity,
                                size_t* found) {
  return guarded([&] {
    if (count > 0) {
      require(pictures, "pictures");
      require_room(detections, capacity, found);
    }
    const ErrorText error = error_text();
    return java_of(detector).detect(detector, pictures, count, detections, capacity, found, &error);
  });
}

yolox_status yolox_detect_file(yolox_detector detector, const char* path,
                               yolox_detection* detections, size_t capacity, size_t* found) {
  return guarded([&] {
    require(path, "path");
    require_room(detections, capacity, found);
    const ErrorText error = error_text();
    return java_of(detector).detect_file(detector, path, detections, capacity, found, &error);
  });
}

yolox_status yolox_forward(yolox_detector detector, const void* pictures, void** predictions) {
  return guarded([&] {
    require(pictures, "pictures");
    require(predictions, "predictions");
    const ErrorText error = error_text();
    return java_of(detector).forward(detector, pictures, predictions, &error);
  });
}

yolox_status yolox_class_count(yolox_detector detector, size_t* count) {
  return guarded([&] {
    require(count, "count");
    *count = describe(detector, 0).class_count;
    return YOLOX_OK;
  });
}

yolox_status yolox_class_name(yolox_detector detector, size_t class_id, const char** name) {
  return guarded([&] {
    require(name, "name");
    const Description description = describe(detector, class_id);
    if (description.class_name == nullptr) {
      throw Failure(YOLOX_INVALID_ARGUMENT,
                    "There is no class " + std::to_string(class_id) + "; the detector has " +
                        std::to_string(description.class_count));
    }
    *name = description.class_name;
    return YOLOX_OK;
  });
}

yolox_status yolox_engine(yolox_detector detector, const char** text) {
  return guarded([&] {
    require(text, "description");
    *text = describe(detector, 0).engine;
    return YOLOX_OK;
  });
}

yolox_status yolox_close(yolox_detector detector) {
  return guarded([&] {
    const ErrorText error = error_text();
    return java_of(detector).close(detector, &error);
  });
}
