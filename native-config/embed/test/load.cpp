// Detects on several threads at once and compares what they find:
//
//     load WEIGHTS PICTURE.ppm THREADS PICTURES [COMPUTING_THREADS [ENGINE]]
//
// Each thread detects in the picture and in a darker copy of it by turns, PICTURES times. Prints the
// time of a call and the memory that the process holds after each tenth.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "ppm.hpp"

namespace {

/** What the process holds, in MiB; 0 where the system does not tell. */
long resident() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.compare(0, 6, "VmRSS:") == 0) {
      return std::atol(line.c_str() + 6) / 1024;
    }
  }
  return 0;
}

bool same(const std::vector<yolox::Detection>& a, const std::vector<yolox::Detection>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof a[0]) == 0);
}

int run(const std::vector<std::string>& arguments) {
  const TestPicture light = read_ppm(arguments[1]);
  TestPicture dark = light;
  for (std::uint8_t& value : dark.bgr) {
    value = static_cast<std::uint8_t>(value * 3 / 4);
  }
  const int threads = std::atoi(arguments[2].c_str());
  const int pictures = std::atoi(arguments[3].c_str());
  yolox::Options options;
  options.weights = arguments[0];
  if (arguments.size() > 4) {
    options.threads = std::atoi(arguments[4].c_str());
  }
  if (arguments.size() > 5) {
    options.engine = arguments[5];
  }
  const yolox::Detector detector(options);
  const auto in_light = detector.detect(light.view());
  const auto in_dark = detector.detect(dark.view());
  std::printf("%s: %zu and %zu objects\n", detector.engine().c_str(), in_light.size(),
              in_dark.size());

  std::atomic<int> done{0};
  std::atomic<int> different{0};
  std::atomic<int> failures{0};
  const int all = threads * pictures;
  const int tenth = all >= 10 ? all / 10 : 1;
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&, t] {
      try {
        for (int i = 0; i < pictures; ++i) {
          const bool even = (i + t) % 2 == 0;
          const auto found = detector.detect((even ? light : dark).view());
          different += same(found, even ? in_light : in_dark) ? 0 : 1;
          const int count = ++done;
          if (count % tenth == 0) {
            std::printf("%d calls, %ld MiB\n", count, resident());
            std::fflush(stdout);
          }
        }
      } catch (const std::exception& e) {
        std::fprintf(stderr, "load: %s\n", e.what());
        ++failures;
      }
    });
  }
  for (std::thread& worker : workers) {
    worker.join();
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  std::printf("%d threads, %d calls, %.2f ms each, %d different, %d failed\n", threads, all,
              took.count() / all, different.load(), failures.load());
  return different == 0 && failures == 0 && !in_light.empty() ? 0 : 1;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.size() < 4) {
    std::fprintf(stderr,
                 "usage: load WEIGHTS PICTURE.ppm THREADS PICTURES [COMPUTING_THREADS [ENGINE]]\n");
    return 2;
  }
  try {
    return run(arguments);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "load: %s\n", e.what());
    return 1;
  }
}
