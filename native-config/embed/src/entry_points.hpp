#pragma once

#include <cstddef>
#include <cstdint>

#include "yolox.h"

namespace yolox::embed {

/** Where a function writes its sentence when it fails: UTF-8, ended by a zero. */
struct ErrorText {
  char* bytes;
  std::size_t capacity;
};

/** What is told of an open detector and one of its classes. Text lives until it is closed. */
struct Description {
  std::size_t class_count;
  /** Null if there is no such class. */
  const char* class_name;
  const char* engine;
};

/**
 * The functions that Java made for C, in the order of the enum EntryPoint of
 * io.github.yolox4j.embed. They may be called on any thread: the virtual machine attaches one that
 * it does not know as a daemon when it calls first, and detaches it when it ends.
 */
struct EntryPoints {
  yolox_status (*open)(const yolox_options*, yolox_detector*, const ErrorText*);
  yolox_status (*detect)(yolox_detector, const yolox_picture*, std::size_t, yolox_detection*,
                         std::size_t, std::size_t*, const ErrorText*);
  yolox_status (*detect_file)(yolox_detector, const char*, yolox_detection*, std::size_t,
                              std::size_t*, const ErrorText*);
  yolox_status (*forward)(yolox_detector, const void*, void**, const ErrorText*);
  yolox_status (*describe)(yolox_detector, std::size_t, Description*, const ErrorText*);
  yolox_status (*close)(yolox_detector, const ErrorText*);
};

/** Raised with every change of the structs that both sides know, in both at once. */
constexpr std::int32_t kInterfaceVersion = 1;

// what Java reads and writes by offset
static_assert(sizeof(void*) == 8 && sizeof(std::size_t) == 8);
static_assert(sizeof(yolox_options) == 88 && offsetof(yolox_options, threads) == 56);
static_assert(sizeof(yolox_picture) == 32 && offsetof(yolox_picture, stride) == 16);
static_assert(sizeof(yolox_detection) == 32 && offsetof(yolox_detection, class_id) == 28);

}  // namespace yolox::embed
