#include "java_home.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>

#include "failure.hpp"

namespace yolox::embed {

namespace fs = std::filesystem;

namespace {

#if defined(__APPLE__)
constexpr const char* kLibjvm = "lib/server/libjvm.dylib";
#else
constexpr const char* kLibjvm = "lib/server/libjvm.so";
#endif

/** What is wrong with a folder as a Java runtime; nothing if it will do. */
std::optional<std::string> obstacle(const fs::path& home) {
  std::error_code ignored;
  if (!fs::exists(home / kLibjvm, ignored)) {
    return home.string() + " has no " + kLibjvm;
  }
  std::ifstream release(home / "release");
  std::string line;
  const std::string key = "JAVA_VERSION=\"";
  while (std::getline(release, line)) {
    if (line.compare(0, key.size(), key) == 0) {
      const int version = std::atoi(line.c_str() + key.size());
      if (version < kLeastJava) {
        return home.string() + " is Java " + std::to_string(version) + "; expected " +
               std::to_string(kLeastJava) + " or newer";
      }
      return std::nullopt;
    }
  }
  return std::nullopt;  // a runtime without the file is taken for what it is not said to be
}

fs::path require(const fs::path& home) {
  if (const auto found = obstacle(home)) {
    throw Failure(YOLOX_NO_RUNTIME, *found);
  }
  return home / kLibjvm;
}

}  // namespace

fs::path library_folder() {
  Dl_info info;
  if (dladdr(reinterpret_cast<const void*>(&yolox_version), &info) == 0) {
    return {};
  }
  std::error_code ignored;
  const fs::path file = fs::canonical(info.dli_fname, ignored);
  return file.parent_path();
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

fs::path find_libjvm(const char* named) {
  if (named != nullptr) {
    return require(named);
  }
  const std::string own = environment("YOLOX4J_JAVA_HOME");
  if (!own.empty()) {
    return require(own);
  }
  const fs::path beside = library_folder() / "yolox4j" / "runtime";
  std::error_code ignored;
  if (fs::exists(beside, ignored)) {
    return require(beside);
  }
  const std::string usual = environment("JAVA_HOME");
  if (usual.empty()) {
    throw Failure(YOLOX_NO_RUNTIME, "No Java " + std::to_string(kLeastJava) +
                                        " or newer was found: java_home, YOLOX4J_JAVA_HOME and "
                                        "JAVA_HOME are not set, and there is no " +
                                        beside.string());
  }
  return require(usual);
}

std::string find_class_path(const char* named) {
  std::string path = named != nullptr ? named : environment("YOLOX4J_CLASS_PATH");
  if (path.empty()) {
    path = (library_folder() / "yolox4j" / "yolox4j.jar").string();
  }
  // the virtual machine passes over what is absent, and cannot be started again without it
  std::istringstream entries(path);
  for (std::string entry; std::getline(entries, entry, ':');) {
    std::error_code ignored;
    if (!entry.empty() && !fs::exists(entry, ignored)) {
      throw Failure(YOLOX_NO_RUNTIME,
                    entry + " on the class path does not exist; class_path, YOLOX4J_CLASS_PATH or "
                            "the folder beside this library names yolox4j.jar");
    }
  }
  return path;
}

}  // namespace yolox::embed
