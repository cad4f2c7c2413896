#include "virtual_machine.hpp"

#include <dlfcn.h>
#include <jni.h>
#if defined(__linux__)
#include <link.h>
#endif

#include <atomic>
#include <clocale>
#include <exception>
#include <filesystem>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "failure.hpp"
#include "java_home.hpp"

namespace yolox::embed {

namespace {

#if defined(__APPLE__)
constexpr const char* kLibjvmName = "libjvm.dylib";
#else
constexpr const char* kLibjvmName = "libjvm.so";
#endif

constexpr const char* kClass = "io/github/yolox4j/embed/EntryPoints";

/** Keeps the program's locale: the virtual machine sets that of the environment when it starts. */
class LocaleKeeper {
 public:
  LocaleKeeper() : locale_(std::setlocale(LC_ALL, nullptr)) {}
  ~LocaleKeeper() { std::setlocale(LC_ALL, locale_.c_str()); }
  LocaleKeeper(const LocaleKeeper&) = delete;
  LocaleKeeper& operator=(const LocaleKeeper&) = delete;

 private:
  const std::string locale_;
};

/** The folder of the libtorch that the process has; empty where it has none. */
std::string libtorch_folder() {
  std::string folder;
#if defined(__linux__)
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* found) {
        const std::filesystem::path file = info->dlpi_name;
        if (file.filename() == "libtorch_cpu.so") {
          *static_cast<std::string*>(found) = file.parent_path().string();
          return 1;
        }
        return 0;
      },
      &folder);
#endif
  return folder;
}

std::vector<std::string> options(const yolox_runtime& runtime) {
  std::vector<std::string> options = {
      "-Djava.class.path=" + find_class_path(runtime.class_path),
      // Ctrl-C and termination stay the program's
      "-Xrs",
      // nothing of the virtual machine on standard output, and no file of its own in /tmp
      "-Xlog:disable",
      "-Xlog:all=error:stderr",
      "-XX:-UsePerfData",
      // detecting makes little garbage; one collector's threads per core would only take memory
      "-XX:+UseSerialGC",
      // else the process grows for thousands of detections before anything is collected
      "-Xmn16m",
      "--enable-native-access=ALL-UNNAMED",
      // else protobuf is warned of on standard error
      "--sun-misc-unsafe-memory-access=allow",
      // the engine onednn computes 3x3 convolutions faster with vectors
      "--add-modules=jdk.incubator.vector",
      // native memory is freed by scopes, not by the garbage collector
      "-Dorg.bytedeco.javacpp.noPointerGC=true",
      "-Dorg.bytedeco.javacpp.maxBytes=0",
      "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
  };
  // a program's own libtorch is used, because a second one would not go with it
  const std::string libtorch = libtorch_folder();
  if (!libtorch.empty()) {
    options.push_back("-Dyolox4j.libtorch=" + libtorch);
  }
  std::istringstream more(runtime.jvm_options != nullptr ? runtime.jvm_options
                                                         : environment("YOLOX4J_JVM_OPTIONS"));
  for (std::string option; more >> option;) {
    options.push_back(option);
  }
  return options;
}

/** A function of a loaded libjvm. */
template <typename Function>
Function* find(void* library, const char* name) {
  void* address = dlsym(library, name);
  if (address == nullptr) {
    throw Failure(YOLOX_NO_RUNTIME, std::string(kLibjvmName) + " has no " + name);
  }
  return reinterpret_cast<Function*>(address);
}

/** The virtual machine that the process has already; null where it has none. */
JavaVM* running() {
  void* library = dlopen(kLibjvmName, RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) {
    return nullptr;
  }
  JavaVM* machine = nullptr;
  jsize count = 0;
  find<decltype(JNI_GetCreatedJavaVMs)>(library, "JNI_GetCreatedJavaVMs")(&machine, 1, &count);
  dlclose(library);
  return count == 0 ? nullptr : machine;
}

JavaVM* create(const yolox_runtime& runtime) {
  const std::string file = find_libjvm(runtime.java_home).string();
  std::vector<std::string> texts = options(runtime);
  std::vector<JavaVMOption> options;
  for (std::string& text : texts) {
    options.push_back({text.data(), nullptr});
  }
  JavaVMInitArgs arguments;
  arguments.version = JNI_VERSION_10;
  arguments.options = options.data();
  arguments.nOptions = static_cast<jint>(options.size());
  arguments.ignoreUnrecognized = JNI_FALSE;

  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (library == nullptr) {
    throw Failure(YOLOX_NO_RUNTIME, file + " cannot be loaded: " + dlerror());
  }
  const auto create_vm = find<decltype(JNI_CreateJavaVM)>(library, "JNI_CreateJavaVM");
  const LocaleKeeper keeper;
  JavaVM* machine = nullptr;
  JNIEnv* environment = nullptr;
  const jint result =
      create_vm(&machine, reinterpret_cast<void**>(&environment), &arguments);
  if (result != JNI_OK) {
    throw Failure(YOLOX_NO_RUNTIME, "The Java virtual machine of " + file +
                                        " does not start (error " + std::to_string(result) +
                                        "); standard error may say why");
  }
  return machine;
}

/** Attaches the calling thread as long as this lives. */
class Attachment {
 public:
  explicit Attachment(JavaVM* machine) : machine_(machine) {
    void* environment = nullptr;
    if (machine->AttachCurrentThreadAsDaemon(&environment, nullptr) != JNI_OK) {
      throw Failure(YOLOX_NO_RUNTIME, "The Java virtual machine does not take a thread");
    }
    environment_ = static_cast<JNIEnv*>(environment);
  }
  ~Attachment() { machine_->DetachCurrentThread(); }
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;

  JNIEnv* operator->() const { return environment_; }

 private:
  JavaVM* machine_;
  JNIEnv* environment_;
};

/** What Java's pending exception says. */
std::string pending(const Attachment& java) {
  jthrowable thrown = java->ExceptionOccurred();
  java->ExceptionClear();
  const jmethodID to_string =
      java->GetMethodID(java->FindClass("java/lang/Object"), "toString", "()Ljava/lang/String;");
  auto text = static_cast<jstring>(java->CallObjectMethod(thrown, to_string));
  if (text == nullptr) {
    java->ExceptionClear();
    return "an exception without a text";
  }
  const char* bytes = java->GetStringUTFChars(text, nullptr);
  std::string copy = bytes == nullptr ? "" : bytes;
  java->ReleaseStringUTFChars(text, bytes);
  return copy;
}

const EntryPoints* connect(const yolox_runtime& runtime) {
  JavaVM* machine = running();
  const bool found = machine != nullptr;
  const Attachment java(found ? machine : create(runtime));
  jclass entry_points = java->FindClass(kClass);
  if (entry_points == nullptr) {
    throw Failure(YOLOX_NO_RUNTIME,
                  std::string(found ? "The Java virtual machine that this process had already"
                                    : "The class path") +
                      " lacks yolox4j or has another version of it: " + pending(java));
  }
  const jmethodID connect = java->GetStaticMethodID(entry_points, "connect", "(I)J");
  if (connect == nullptr) {
    throw Failure(YOLOX_NO_RUNTIME, "yolox4j's classes do not fit this library: " + pending(java));
  }
  const jlong address = java->CallStaticLongMethod(entry_points, connect, kInterfaceVersion);
  if (java->ExceptionCheck()) {
    throw Failure(YOLOX_NO_RUNTIME, "yolox4j cannot be reached: " + pending(java));
  }
  return reinterpret_cast<const EntryPoints*>(address);
}

/**
 * Connects on a thread of its own, which is detached again when it ends: the thread that starts a
 * virtual machine is attached to it, and a caller's would stay so beyond its end.
 */
const EntryPoints* connect_aside(const yolox_runtime& runtime) {
  const EntryPoints* connected = nullptr;
  std::exception_ptr failure;
  std::thread starter([&] {
    try {
      connected = connect(runtime);
    } catch (...) {
      failure = std::current_exception();
    }
  });
  starter.join();
  if (failure) {
    std::rethrow_exception(failure);
  }
  return connected;
}

std::mutex starting;
std::atomic<const EntryPoints*> ready{nullptr};

}  // namespace

const EntryPoints* started() noexcept { return ready.load(std::memory_order_acquire); }

const EntryPoints& entry_points(const yolox_runtime& runtime) {
  if (const EntryPoints* found = started()) {
    return *found;
  }
  const std::lock_guard<std::mutex> alone(starting);
  if (started() == nullptr) {
    ready.store(connect_aside(runtime), std::memory_order_release);
  }
  return *started();
}

}  // namespace yolox::embed
