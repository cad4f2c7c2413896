// Calls the library as a program should not, and as it should:
//
//     checks WEIGHTS PICTURE.ppm
//
// Prints what does not hold; ends with 1 if anything does not.

#include <algorithm>
#include <atomic>
#include <clocale>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "ppm.hpp"

namespace {

int failures = 0;

void check(bool condition, const std::string& what) {
  if (!condition) {
    ++failures;
    std::printf("does not hold: %s\n", what.c_str());
  }
}

/** Checks that a call was refused with a status and a sentence that has some words. */
void refused(yolox_status found, yolox_status expected, const std::string& words) {
  const std::string sentence = yolox_last_error();
  check(found == expected && sentence.find(words) != std::string::npos,
        "status " + std::to_string(expected) + " with '" + words + "'; found " +
            std::to_string(found) + " with '" + sentence + "'");
}

yolox_options options(const std::string& weights) {
  yolox_options options = YOLOX_OPTIONS_INIT;
  options.weights = weights.c_str();
  options.engine = "torch-fused";  // takes the least time to its first detection
  return options;
}

yolox_picture plain(const TestPicture& picture) {
  return {picture.bgr.data(), picture.width, picture.height, 0, YOLOX_BGR};
}

std::vector<yolox_detection> detect(yolox_detector detector, const yolox_picture& picture) {
  std::vector<yolox_detection> room(100);
  std::size_t found = 0;
  const yolox_status status = yolox_detect(detector, &picture, room.data(), room.size(), &found);
  check(status == YOLOX_OK, std::string("detected; found ") + yolox_last_error());
  room.resize(std::min(found, room.size()));
  return room;
}

bool same(const std::vector<yolox_detection>& a, const std::vector<yolox_detection>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof a[0]) == 0;
}

/** Whether the same objects were found by other kernels, as oneDNN takes them for other shapes. */
bool alike(const std::vector<yolox_detection>& a, const std::vector<yolox_detection>& b) {
  bool all = a.size() == b.size();
  for (std::size_t i = 0; all && i < a.size(); ++i) {
    all = a[i].class_id == b[i].class_id && std::abs(a[i].score - b[i].score) < 1e-4f &&
          std::abs(a[i].x1 - b[i].x1) < 0.01f && std::abs(a[i].y2 - b[i].y2) < 0.01f;
  }
  return all;
}

void check_before_the_start() {
  check(std::strlen(yolox_version()) > 0, "there is a version");
  check(std::strcmp(yolox_last_error(), "") == 0, "nothing has failed yet");
  refused(yolox_close(1), YOLOX_INVALID_DETECTOR, "none has been opened yet");
  yolox_runtime runtime = YOLOX_RUNTIME_INIT;
  runtime.java_home = "/nowhere";
  refused(yolox_start(&runtime), YOLOX_NO_RUNTIME, "/nowhere has no lib/server/libjvm");
  runtime = YOLOX_RUNTIME_INIT;
  runtime.class_path = "/nowhere/yolox4j.jar";
  refused(yolox_start(&runtime), YOLOX_NO_RUNTIME, "/nowhere/yolox4j.jar on the class path");
  runtime.struct_size = 3;
  refused(yolox_start(&runtime), YOLOX_INVALID_ARGUMENT, "struct_size is 3");
}

void check_the_start() {
  const std::string locale = std::setlocale(LC_ALL, nullptr);
  check(yolox_start(nullptr) == YOLOX_OK, std::string("started; found ") + yolox_last_error());
  check(yolox_start(nullptr) == YOLOX_OK, "starting again changes nothing");
  check(locale == std::setlocale(LC_ALL, nullptr), "the program's locale stays");
}

void check_opening(const std::string& weights) {
  yolox_detector detector = 7;
  yolox_options wrong = options(weights);
  refused(yolox_open(nullptr, &detector), YOLOX_INVALID_ARGUMENT, "options is a null pointer");
  refused(yolox_open(&wrong, nullptr), YOLOX_INVALID_ARGUMENT, "detector is a null pointer");
  wrong.weights = nullptr;
  refused(yolox_open(&wrong, &detector), YOLOX_INVALID_ARGUMENT, "weights is a null pointer");
  wrong = options("/nowhere/s.pth");
  refused(yolox_open(&wrong, &detector), YOLOX_FAILED, "/nowhere/s.pth");
  wrong = options(weights);
  wrong.struct_size = 8;
  refused(yolox_open(&wrong, &detector), YOLOX_INVALID_ARGUMENT, "struct_size is 8");
  wrong = options(weights);
  wrong.model = "xxl";
  refused(yolox_open(&wrong, &detector), YOLOX_INVALID_ARGUMENT, "model 'xxl' is unknown");
  wrong = options(weights);
  wrong.engine = "steam";
  refused(yolox_open(&wrong, &detector), YOLOX_INVALID_ARGUMENT, "engine 'steam' is unknown");
  wrong = options(weights);
  wrong.precision = "fp1";
  refused(yolox_open(&wrong, &detector), YOLOX_INVALID_ARGUMENT, "precision 'fp1' is unknown");
  wrong = options(weights);
  wrong.class_names = "/nowhere/names.txt";
  refused(yolox_open(&wrong, &detector), YOLOX_FAILED, "/nowhere/names.txt does not exist");
  wrong = options(weights);
  wrong.threads = -1;
  refused(yolox_open(&wrong, &detector), YOLOX_INVALID_ARGUMENT, "threads is -1");
  wrong = options(weights);
  wrong.input_width = 33;
  wrong.input_height = 64;
  refused(yolox_open(&wrong, &detector), YOLOX_INVALID_ARGUMENT, "Input size 33");
  wrong = options(weights);
  wrong.confidence = 2;
  refused(yolox_open(&wrong, &detector), YOLOX_INVALID_ARGUMENT, "'confidence' is 2");
  wrong.confidence = std::numeric_limits<float>::quiet_NaN();
  refused(yolox_open(&wrong, &detector), YOLOX_INVALID_ARGUMENT, "'confidence' is NaN");
  check(detector == 7, "a detector that was not opened is not written");
}

void check_arguments(yolox_detector detector, const TestPicture& picture) {
  std::vector<yolox_detection> room(2);
  std::size_t found = 77;
  const yolox_picture right = plain(picture);
  refused(yolox_detect(detector, nullptr, room.data(), 2, &found), YOLOX_INVALID_ARGUMENT,
          "picture is a null pointer");
  refused(yolox_detect(detector, &right, nullptr, 2, &found), YOLOX_INVALID_ARGUMENT,
          "detections is a null pointer");
  refused(yolox_detect(detector, &right, room.data(), 2, nullptr), YOLOX_INVALID_ARGUMENT,
          "found is a null pointer");
  refused(yolox_detect(detector, &right, room.data(), SIZE_MAX, &found), YOLOX_INVALID_ARGUMENT,
          "capacity is 18446744073709551615");
  refused(yolox_detect_batch(detector, nullptr, 1, room.data(), 2, &found),
          YOLOX_INVALID_ARGUMENT, "pictures is a null pointer");
  refused(yolox_detect_batch(detector, &right, SIZE_MAX, room.data(), 2, &found),
          YOLOX_INVALID_ARGUMENT, "count is 18446744073709551615");
  refused(yolox_detect_file(detector, nullptr, room.data(), 2, &found), YOLOX_INVALID_ARGUMENT,
          "path is a null pointer");
  refused(yolox_detect_file(detector, "/nowhere/dog.jpg", room.data(), 2, &found), YOLOX_FAILED,
          "Picture /nowhere/dog.jpg does not exist");

  yolox_picture wrong = right;
  wrong.stride = static_cast<std::size_t>(picture.width) * 3 - 1;
  refused(yolox_detect(detector, &wrong, room.data(), 2, &found), YOLOX_INVALID_ARGUMENT,
          "stride is " + std::to_string(wrong.stride));
  wrong.stride = SIZE_MAX;
  refused(yolox_detect(detector, &wrong, room.data(), 2, &found), YOLOX_INVALID_ARGUMENT,
          "stride is 18446744073709551615");
  wrong = right;
  wrong.format = 9;
  refused(yolox_detect(detector, &wrong, room.data(), 2, &found), YOLOX_INVALID_ARGUMENT,
          "Pixel format 9");
  wrong = right;
  wrong.width = 0;
  refused(yolox_detect(detector, &wrong, room.data(), 2, &found), YOLOX_INVALID_ARGUMENT,
          "A picture of 0x");
  wrong = right;
  wrong.height = -4;
  refused(yolox_detect(detector, &wrong, room.data(), 2, &found), YOLOX_INVALID_ARGUMENT, "x-4");
  wrong = right;
  wrong.pixels = nullptr;
  refused(yolox_detect(detector, &wrong, room.data(), 2, &found), YOLOX_INVALID_ARGUMENT,
          "pixels is a null pointer");
  check(found == 77, "a call that is refused writes no result");

  void* predictions = nullptr;
  refused(yolox_forward(detector, nullptr, &predictions), YOLOX_INVALID_ARGUMENT,
          "pictures is a null pointer");
  refused(yolox_forward(detector, room.data(), nullptr), YOLOX_INVALID_ARGUMENT,
          "predictions is a null pointer");

  const char* text = nullptr;
  std::size_t count = 0;
  refused(yolox_class_count(detector, nullptr), YOLOX_INVALID_ARGUMENT, "count is a null pointer");
  refused(yolox_class_name(detector, 0, nullptr), YOLOX_INVALID_ARGUMENT, "name is a null pointer");
  check(yolox_class_count(detector, &count) == YOLOX_OK && count > 0, "there are classes");
  refused(yolox_class_name(detector, count, &text), YOLOX_INVALID_ARGUMENT, "There is no class");
  check(yolox_class_name(detector, count - 1, &text) == YOLOX_OK && std::strlen(text) > 0,
        "classes have names");
  check(yolox_engine(detector, &text) == YOLOX_OK && std::strlen(text) > 0,
        "an engine says what it is");
}

/** The same picture in another order of bytes, with gaps behind its rows. */
std::vector<std::uint8_t> reordered(const TestPicture& picture, int bytes, bool swapped,
                                    std::size_t stride) {
  std::vector<std::uint8_t> pixels(stride * picture.height, 0xEE);
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const std::uint8_t* from = &picture.bgr[(std::size_t{3} * picture.width * y) + 3 * x];
      std::uint8_t* to = &pixels[stride * y + static_cast<std::size_t>(bytes) * x];
      for (int c = 0; c < 3; ++c) {
        to[c] = from[swapped ? 2 - c : c];
      }
    }
  }
  return pixels;
}

void check_formats(yolox_detector detector, const TestPicture& picture) {
  const auto expected = detect(detector, plain(picture));
  check(!expected.empty(), "there is something in the picture");
  const struct {
    yolox_pixel_format format;
    int bytes;
    bool swapped;
  } formats[] = {{YOLOX_BGR, 3, false},
                 {YOLOX_RGB, 3, true},
                 {YOLOX_BGRA, 4, false},
                 {YOLOX_RGBA, 4, true}};
  for (const auto& each : formats) {
    for (const int gap : {0, 13}) {
      const std::size_t stride = static_cast<std::size_t>(each.bytes) * picture.width + gap;
      const auto pixels = reordered(picture, each.bytes, each.swapped, stride);
      const yolox_picture view = {pixels.data(), picture.width, picture.height, stride,
                                  each.format};
      check(same(expected, detect(detector, view)),
            "format " + std::to_string(each.format) + " with gaps of " + std::to_string(gap) +
                " gives the same objects");
    }
  }
  std::vector<std::uint8_t> one;
  TestPicture three = picture;
  for (std::size_t i = 0; i < three.bgr.size(); i += 3) {
    one.push_back(picture.bgr[i + 1]);
    three.bgr[i] = three.bgr[i + 1] = three.bgr[i + 2] = one.back();
  }
  check(same(detect(detector, plain(three)),
             detect(detector, {one.data(), picture.width, picture.height, 0, YOLOX_GRAY})),
        "gray is three equal bytes");
}

void check_capacity(yolox_detector detector, const TestPicture& picture) {
  const auto expected = detect(detector, plain(picture));
  const yolox_picture view = plain(picture);
  std::size_t found = 0;
  check(yolox_detect(detector, &view, nullptr, 0, &found) == YOLOX_OK && found == expected.size(),
        "capacity 0 only counts");
  std::vector<yolox_detection> room(2);
  room[1].class_id = -5;
  check(yolox_detect(detector, &view, room.data(), 1, &found) == YOLOX_OK &&
            found == expected.size() &&
            std::memcmp(room.data(), expected.data(), sizeof room[0]) == 0 &&
            room[1].class_id == -5,
        "capacity 1 writes the best object");

  const TestPicture black = {std::vector<std::uint8_t>(3 * 40 * 20), 40, 20};
  const yolox_picture batch[] = {view, plain(black), view};
  std::vector<yolox_detection> rooms(3 * 50);
  std::size_t counts[3] = {};
  check(yolox_detect_batch(detector, batch, 3, rooms.data(), 50, counts) == YOLOX_OK,
        "a batch is detected in");
  check(counts[0] == expected.size() && counts[1] == 0 && counts[2] == expected.size(),
        "each picture of a batch has its own objects");
  rooms.resize(50 * 2 + counts[2]);
  check(alike(expected, {rooms.begin() + 100, rooms.end()}), "a batch gives the same objects");
  check(yolox_detect_batch(detector, nullptr, 0, nullptr, 0, nullptr) == YOLOX_OK,
        "a batch may be empty");
}

void check_errors_of_threads(yolox_detector detector) {
  refused(yolox_class_count(detector, nullptr), YOLOX_INVALID_ARGUMENT, "count");
  std::string begin;
  std::string after;
  std::thread([&] {
    begin = yolox_last_error();
    yolox_close(12345);
    after = yolox_last_error();
  }).join();
  check(begin.empty(), "a new thread has no error");
  check(after.find("There is no detector 12345") != std::string::npos, "a thread has its error");
  check(std::strcmp(yolox_last_error(), "count is a null pointer") == 0,
        "another thread's error is its own");
}

void check_closing(const std::string& weights, const TestPicture& picture) {
  yolox_detector detector = 0;
  const yolox_options usual = options(weights);
  check(yolox_open(&usual, &detector) == YOLOX_OK, "opened a third time");
  const auto expected = detect(detector, plain(picture));
  std::atomic<int> working{0};
  std::atomic<int> ended{0};
  std::vector<std::thread> users;
  constexpr int count = 6;
  for (int i = 0; i < count; ++i) {
    users.emplace_back([&] {
      const yolox_picture view = plain(picture);
      std::vector<yolox_detection> room(expected.size());
      std::size_t found = 0;
      yolox_status status = YOLOX_OK;
      for (bool first = true; status == YOLOX_OK; first = false) {
        status = yolox_detect(detector, &view, room.data(), room.size(), &found);
        working += first ? 1 : 0;
        if (status == YOLOX_OK && !same(expected, room)) {
          return;
        }
      }
      ended += status == YOLOX_INVALID_DETECTOR ? 1 : 0;
    });
  }
  while (working < count) {
    std::this_thread::yield();
  }
  check(yolox_close(detector) == YOLOX_OK, "closed while others detect");
  for (std::thread& user : users) {
    user.join();
  }
  check(ended == count, "every user is told that the detector is closed");
  refused(yolox_close(detector), YOLOX_INVALID_DETECTOR, "has been closed");
  const char* text = nullptr;
  refused(yolox_engine(detector, &text), YOLOX_INVALID_DETECTOR, "has been closed");
  refused(yolox_close(0), YOLOX_INVALID_DETECTOR, "There is no detector 0");
  refused(yolox_close(UINT64_MAX), YOLOX_INVALID_DETECTOR,
          "There is no detector 18446744073709551615");
}

void check_wrapper(const std::string& weights, const std::string& path) {
  yolox::start();
  yolox::Options wanted;
  wanted.weights = weights;
  wanted.engine = "torch-fused";
  wanted.confidence = 0.0f;
  wanted.nms = 1.0f;
  wanted.threads = 1;
  yolox::Detector first(wanted);
  yolox::Detector second(std::move(first));
  const auto many = second.detect(read_ppm(path).view());
  check(many.size() > 300, "no threshold keeps all, which is more than the wrapper's first room; found " + std::to_string(many.size()));
  check(many.size() == second.detect_file(path).size(), "files are read by Java too");
  check(second.detect(std::vector<yolox::Picture>{}).empty(), "no pictures, no results");
  first = std::move(second);
  first.close();
  try {
    first.detect_file(path);
    check(false, "a closed detector throws");
  } catch (const yolox::Error& e) {
    check(e.status() == YOLOX_INVALID_DETECTOR && std::strlen(e.what()) > 0, "it says why");
  }
  try {
    wanted.weights = "/nowhere/l.pth";
    const yolox::Detector none(wanted);
    check(false, "weights that are not there throw");
  } catch (const yolox::Error& e) {
    check(e.status() == YOLOX_FAILED, "it says that opening failed");
  }
}

void check_all(const std::string& weights, const std::string& path) {
  const TestPicture picture = read_ppm(path);
  check_before_the_start();
  check_the_start();
  check_opening(weights);

  const yolox_options usual = options(weights);
  yolox_detector detector = 0;
  yolox_detector again = 0;
  check(yolox_open(&usual, &detector) == YOLOX_OK, std::string("opened; ") + yolox_last_error());
  check(yolox_open(&usual, &again) == YOLOX_OK && again != detector, "opened twice");
  check(same(detect(detector, plain(picture)), detect(again, plain(picture))),
        "two detectors of the same weights find the same");
  check(yolox_close(again) == YOLOX_OK, "one of two is closed");

  check_arguments(detector, picture);
  check_formats(detector, picture);
  check_capacity(detector, picture);
  check_errors_of_threads(detector);
  check(yolox_close(detector) == YOLOX_OK, "closed");
  check_closing(weights, picture);
  check_wrapper(weights, path);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: checks WEIGHTS PICTURE.ppm\n");
    return 2;
  }
  try {
    check_all(arguments[1], arguments[2]);
  } catch (const std::exception& e) {
    check(false, std::string("nothing throws; found ") + e.what());
  }
  std::printf("%s\n", failures == 0 ? "all checks hold" : "some checks do not hold");
  return failures == 0 ? 0 : 1;
}
