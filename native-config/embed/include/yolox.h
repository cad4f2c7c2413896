/**
 * Detects objects in pictures with yolox4j, from C.
 *
 *     yolox_options options = YOLOX_OPTIONS_INIT;
 *     options.weights = "yolox_s.pth";
 *     yolox_detector detector;
 *     if (yolox_open(&options, &detector) != YOLOX_OK) {
 *       fprintf(stderr, "%s\n", yolox_last_error());
 *     }
 *
 * Functions return a yolox_status; where it is not YOLOX_OK they have changed nothing of the
 * caller's, and yolox_last_error() says in one sentence what was wrong. All of them may be called
 * from any number of threads at once. Text is UTF-8; file names beyond ASCII need an environment
 * whose locale is of UTF-8 too, such as LC_ALL=C.UTF-8.
 *
 * The work is done by a Java virtual machine, which the first call starts in this process and which
 * lives until the process ends; README.md beside this file's sources tells what that means for
 * signals and memory.
 */
#ifndef YOLOX_H
#define YOLOX_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define YOLOX_API __attribute__((visibility("default")))
#else
#define YOLOX_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** How a call ended. */
typedef int32_t yolox_status;

enum {
  YOLOX_OK = 0,
  /** An argument cannot be used: a null pointer, a stride that is too short, an unknown name. */
  YOLOX_INVALID_ARGUMENT = 1,
  /** There is no such detector, or it has been closed. */
  YOLOX_INVALID_DETECTOR = 2,
  /** A file cannot be read or does not fit, or the network failed. */
  YOLOX_FAILED = 3,
  /** The Java virtual machine cannot be found or started, or lacks yolox4j. */
  YOLOX_NO_RUNTIME = 4,
  /** There is not enough memory. */
  YOLOX_OUT_OF_MEMORY = 5
};

/** The order of the bytes of a pixel. */
typedef int32_t yolox_pixel_format;

enum {
  /** Blue, green, red: OpenCV's order and the one that the networks read, so nothing is converted. */
  YOLOX_BGR = 0,
  YOLOX_RGB = 1,
  /** The fourth byte is not looked at. */
  YOLOX_BGRA = 2,
  YOLOX_RGBA = 3,
  /** One byte. */
  YOLOX_GRAY = 4
};

/**
 * A detector: a number that is checked in every call and never used again, so that one which is
 * wrong or closed is an error and no crash. 0 is never a detector.
 */
typedef uint64_t yolox_detector;

/**
 * Where the Java virtual machine is found and what it is started with. Start from
 * YOLOX_RUNTIME_INIT. Nothing of it is kept.
 */
typedef struct yolox_runtime {
  /** sizeof(yolox_runtime). */
  size_t struct_size;
  /**
   * The folder of a JDK or a Java runtime, 25 or newer. NULL: the environment's YOLOX4J_JAVA_HOME,
   * else the folder yolox4j/runtime beside this library, else JAVA_HOME.
   */
  const char *java_home;
  /**
   * yolox4j.jar, or all jars, separated by colons. NULL: the environment's YOLOX4J_CLASS_PATH, else
   * yolox4j/yolox4j.jar beside this library.
   */
  const char *class_path;
  /**
   * More options for the virtual machine, separated by blanks, such as "-Xmx2g". NULL: the
   * environment's YOLOX4J_JVM_OPTIONS, else none.
   */
  const char *jvm_options;
} yolox_runtime;

#define YOLOX_RUNTIME_INIT {sizeof(yolox_runtime), NULL, NULL, NULL}

/** How a detector works. Start from YOLOX_OPTIONS_INIT. Nothing of it is kept. */
typedef struct yolox_options {
  /** sizeof(yolox_options). */
  size_t struct_size;
  /** A .pth, .safetensors or .onnx file. */
  const char *weights;
  /** nano, tiny, s, m, l, x, darknet53 or a .yaml file. NULL: told from the weights. */
  const char *model;
  /** auto, cpu, cuda or cuda:N. NULL: auto. */
  const char *device;
  /** auto, torch, torch-fused or onednn. NULL: auto. */
  const char *engine;
  /** fp32, bf16 or fp16. NULL: fp32. */
  const char *precision;
  /** A text file with a class name per line. NULL: the weights' own, COCO's or numbers. */
  const char *class_names;
  /**
   * The threads that compute one call, for all detectors of the process. 0: as it is, which is the
   * physical cores until it is set.
   */
  int32_t threads;
  /** The network's input in pixels, multiples of 32. 0 for both: the model's own. */
  int32_t input_width;
  int32_t input_height;
  /** The least score, 0 to 1. Below 0: the default, 0.3. */
  float confidence;
  /** The IoU above which the lower of two boxes is dropped, 0 to 1. Below 0: the default, 0.45. */
  float nms;
  /** Not 0: boxes of different classes suppress each other too. */
  int32_t agnostic;
  /** Not 0: the weights are older than YOLOX's release 0.1.1. */
  int32_t legacy;
} yolox_options;

#define YOLOX_OPTIONS_INIT \
  {sizeof(yolox_options), NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, -1.0f, -1.0f, 0, 0}

/** A picture in memory, rows from the top. Read where it lies and only during the call. */
typedef struct yolox_picture {
  const void *pixels;
  int32_t width;
  int32_t height;
  /** Bytes from a row to the next; 0: the rows have no gaps. */
  size_t stride;
  yolox_pixel_format format;
} yolox_picture;

/** An object that was found. */
typedef struct yolox_detection {
  /** Left, top, right and bottom edge in pixels of the picture, inside of it. */
  float x1;
  float y1;
  float x2;
  float y2;
  /** The probability that there is an object, 0 to 1. */
  float objectness;
  /** The probability of the class given an object, 0 to 1. */
  float class_confidence;
  /** objectness * class_confidence. */
  float score;
  /** The class, 0-based. */
  int32_t class_id;
} yolox_detection;

/** Returns the version of this library, such as "0.1.0". Starts nothing. */
YOLOX_API const char *yolox_version(void);

/**
 * Returns what the calling thread's last failed call was refused for, in one sentence; empty before
 * any has failed. Valid until the thread's next call that fails, or its end.
 */
YOLOX_API const char *yolox_last_error(void);

/**
 * Starts the Java virtual machine, or takes the one that the process has already. yolox_open does
 * so itself; this is for settings that come from the program, and for paying at a time of the
 * caller's choice. Calling it again changes nothing.
 *
 * @param runtime where and how; NULL for YOLOX_RUNTIME_INIT
 */
YOLOX_API yolox_status yolox_start(const yolox_runtime *runtime);

/**
 * Opens a detector. The same weights may be opened many times.
 *
 * @param options how it works
 * @param detector receives the detector, which the caller closes
 */
YOLOX_API yolox_status yolox_open(const yolox_options *options, yolox_detector *detector);

/**
 * Detects in a picture.
 *
 * @param detections receives the objects, highest score first; may be NULL where capacity is 0
 * @param capacity how many objects there is room for
 * @param found receives how many objects there are, which may be more than the capacity
 */
YOLOX_API yolox_status yolox_detect(yolox_detector detector, const yolox_picture *picture,
                                    yolox_detection *detections, size_t capacity, size_t *found);

/**
 * Detects in several pictures of any sizes and formats at once.
 *
 * @param pictures count pictures
 * @param detections receives those of picture i from element i * capacity on
 * @param capacity how many objects of each picture there is room for
 * @param found receives count numbers: how many objects each picture has
 */
YOLOX_API yolox_status yolox_detect_batch(yolox_detector detector, const yolox_picture *pictures,
                                          size_t count, yolox_detection *detections,
                                          size_t capacity, size_t *found);

/** Detects in a picture file: JPEG (turned as its EXIF says), PNG, BMP, WebP, TIFF and others. */
YOLOX_API yolox_status yolox_detect_file(yolox_detector detector, const char *path,
                                         yolox_detection *detections, size_t capacity,
                                         size_t *found);

/**
 * Runs the network alone on a tensor of libtorch, for programs that use libtorch themselves. The
 * detector's engine must be torch-fused. The libtorch that the process has when the virtual machine
 * starts is the one that yolox4j uses; a second one is refused.
 *
 * @param pictures an at::Tensor* (AtenTensorHandle) on the CPU, [batch, 3, height, width], BGR from
 *     0 to 255, sides multiples of 32
 * @param predictions receives an at::Tensor*, which the caller deletes (for example with
 *     aoti_torch_delete_tensor_object): [batch, anchor points, 5 + classes] of floats, each row
 *     centre x and y, width and height in pixels of the input, objectness, classes
 */
YOLOX_API yolox_status yolox_forward(yolox_detector detector, const void *pictures,
                                     void **predictions);

/** Tells how many classes there are. */
YOLOX_API yolox_status yolox_class_count(yolox_detector detector, size_t *count);

/**
 * Tells the name of a class.
 *
 * @param class_id below the number of classes
 * @param name receives text that is valid until the detector is closed
 */
YOLOX_API yolox_status yolox_class_name(yolox_detector detector, size_t class_id,
                                        const char **name);

/**
 * Tells what runs the network, which may differ from what was asked for where that cannot run.
 *
 * @param description receives text for people, such as "onednn 3.11.0, fp32, 2 threads", that is
 *     valid until the detector is closed
 */
YOLOX_API yolox_status yolox_engine(yolox_detector detector, const char **description);

/**
 * Closes a detector and frees what it holds. Waits for calls of other threads that use it; calls
 * that come later, another close among them, end with YOLOX_INVALID_DETECTOR.
 */
YOLOX_API yolox_status yolox_close(yolox_detector detector);

#ifdef __cplusplus
}
#endif

#endif
