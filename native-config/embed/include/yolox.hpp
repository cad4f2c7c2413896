/**
 * Detects objects in pictures with yolox4j, from C++17. A wrapper of yolox.h, which says more about
 * threads, units and the Java virtual machine behind it; failures are thrown as yolox::Error.
 *
 *     yolox::Options options;
 *     options.weights = "yolox_s.pth";
 *     yolox::Detector detector(options);
 *     for (const yolox::Detection& found : detector.detect_file("dog.jpg")) {
 *       std::cout << detector.class_names().at(found.class_id) << ' ' << found.score << '\n';
 *     }
 */
#ifndef YOLOX_HPP
#define YOLOX_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "yolox.h"

namespace yolox {

/** A call that failed: the sentence of yolox_last_error() and the status. */
class Error : public std::runtime_error {
 public:
  Error(yolox_status status, const char* sentence) : std::runtime_error(sentence), status_(status) {}

  /** YOLOX_INVALID_ARGUMENT and so on. */
  yolox_status status() const noexcept { return status_; }

 private:
  yolox_status status_;
};

namespace detail {

inline void require(yolox_status status) {
  if (status != YOLOX_OK) {
    throw Error(status, yolox_last_error());
  }
}

inline const char* text(const std::optional<std::string>& value) {
  return value ? value->c_str() : nullptr;
}

}  // namespace detail

enum class PixelFormat : yolox_pixel_format {
  bgr = YOLOX_BGR,
  rgb = YOLOX_RGB,
  bgra = YOLOX_BGRA,
  rgba = YOLOX_RGBA,
  gray = YOLOX_GRAY
};

using Detection = yolox_detection;

/** A picture in memory, which stays the caller's; see yolox_picture. */
struct Picture {
  const void* pixels = nullptr;
  std::int32_t width = 0;
  std::int32_t height = 0;
  PixelFormat format = PixelFormat::bgr;
  /** Bytes from a row to the next; 0: the rows have no gaps. */
  std::size_t stride = 0;
};

/** Where the Java virtual machine is found; see yolox_runtime. */
struct Runtime {
  std::optional<std::string> java_home;
  std::optional<std::string> class_path;
  std::optional<std::string> jvm_options;
};

/** How a detector works; see yolox_options for what is taken where nothing is given. */
struct Options {
  std::string weights;
  std::optional<std::string> model;
  std::optional<std::string> device;
  std::optional<std::string> engine;
  std::optional<std::string> precision;
  std::optional<std::string> class_names;
  std::int32_t threads = 0;
  std::int32_t input_width = 0;
  std::int32_t input_height = 0;
  std::optional<float> confidence;
  std::optional<float> nms;
  bool agnostic = false;
  bool legacy = false;
};

/** The version of the library, such as "0.1.0". */
inline std::string version() { return yolox_version(); }

/** Starts the Java virtual machine, which opening a detector does too; see yolox_start. */
inline void start(const Runtime& runtime = {}) {
  yolox_runtime plain = YOLOX_RUNTIME_INIT;
  plain.java_home = detail::text(runtime.java_home);
  plain.class_path = detail::text(runtime.class_path);
  plain.jvm_options = detail::text(runtime.jvm_options);
  detail::require(yolox_start(&plain));
}

/**
 * Finds objects in pictures. Owns its network until it is closed or destroyed. detect may be called
 * from many threads at once; moving and destroying need the detector for themselves.
 */
class Detector {
 public:
  explicit Detector(const Options& options) {
    yolox_options plain = YOLOX_OPTIONS_INIT;
    plain.weights = options.weights.c_str();
    plain.model = detail::text(options.model);
    plain.device = detail::text(options.device);
    plain.engine = detail::text(options.engine);
    plain.precision = detail::text(options.precision);
    plain.class_names = detail::text(options.class_names);
    plain.threads = options.threads;
    plain.input_width = options.input_width;
    plain.input_height = options.input_height;
    plain.confidence = options.confidence.value_or(plain.confidence);
    plain.nms = options.nms.value_or(plain.nms);
    plain.agnostic = options.agnostic;
    plain.legacy = options.legacy;
    detail::require(yolox_open(&plain, &handle_));
    try {
      read_names();
    } catch (...) {
      yolox_close(handle_);
      throw;
    }
  }

  Detector(Detector&& other) noexcept
      : handle_(std::exchange(other.handle_, 0)), class_names_(std::move(other.class_names_)) {}

  Detector& operator=(Detector&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(class_names_, other.class_names_);
    return *this;
  }

  Detector(const Detector&) = delete;
  Detector& operator=(const Detector&) = delete;

  ~Detector() {
    if (handle_ != 0) {
      yolox_close(handle_);
    }
  }

  /** The objects of a picture, highest score first. */
  std::vector<Detection> detect(const Picture& picture) const {
    return detect(std::vector<Picture>{picture}).front();
  }

  /** The objects of each of several pictures, which may differ in size and format. */
  std::vector<std::vector<Detection>> detect(const std::vector<Picture>& pictures) const {
    std::vector<yolox_picture> plain;
    plain.reserve(pictures.size());
    for (const Picture& each : pictures) {
      plain.push_back({each.pixels, each.width, each.height, each.stride,
                       static_cast<yolox_pixel_format>(each.format)});
    }
    return collect(pictures.size(), [&](Detection* room, std::size_t capacity, std::size_t* found) {
      return yolox_detect_batch(handle_, plain.data(), plain.size(), room, capacity, found);
    });
  }

  /** The objects of a picture file. */
  std::vector<Detection> detect_file(const std::string& path) const {
    return collect(1, [&](Detection* room, std::size_t capacity, std::size_t* found) {
             return yolox_detect_file(handle_, path.c_str(), room, capacity, found);
           })
        .front();
  }

  /** A name per class. */
  const std::vector<std::string>& class_names() const noexcept { return class_names_; }

  /** What runs the network, for people. */
  std::string engine() const {
    const char* description = nullptr;
    detail::require(yolox_engine(handle_, &description));
    return description;
  }

  /** Waits for calls of other threads and frees the network; later calls throw. */
  void close() { detail::require(yolox_close(handle_)); }

  /** The detector of the C functions, owned by this. */
  yolox_detector handle() const noexcept { return handle_; }

 private:
  /** More objects than this in a picture are rare, and cost a second look. */
  static constexpr std::size_t usual_capacity = 256;

  void read_names() {
    std::size_t count = 0;
    detail::require(yolox_class_count(handle_, &count));
    for (std::size_t id = 0; id < count; ++id) {
      const char* name = nullptr;
      detail::require(yolox_class_name(handle_, id, &name));
      class_names_.emplace_back(name);
    }
  }

  template <typename Call>
  static std::vector<std::vector<Detection>> collect(std::size_t pictures, Call call) {
    std::vector<std::size_t> found(pictures);
    std::size_t capacity = usual_capacity;
    std::vector<Detection> room(pictures * capacity);
    detail::require(call(room.data(), capacity, found.data()));
    std::size_t most = 0;
    for (std::size_t each : found) {
      most = each > most ? each : most;
    }
    if (most > capacity) {
      capacity = most;
      room.resize(pictures * capacity);
      detail::require(call(room.data(), capacity, found.data()));
    }
    std::vector<std::vector<Detection>> results;
    results.reserve(pictures);
    for (std::size_t i = 0; i < pictures; ++i) {
      const Detection* first = room.data() + i * capacity;
      results.emplace_back(first, first + found[i]);
    }
    return results;
  }

  yolox_detector handle_ = 0;
  std::vector<std::string> class_names_;
};

}  // namespace yolox

#endif
