#pragma once

#include <filesystem>
#include <string>

namespace yolox::embed {

/** The least version of Java that yolox4j's classes need. */
constexpr int kLeastJava = 25;

/** The folder of the library that this code is in. */
std::filesystem::path library_folder();

/** A variable of the environment; empty where it is not set. */
std::string environment(const char* name);

/**
 * Finds libjvm.
 *
 * @param named the folder of a Java runtime; null to look in the usual places
 * @throws Failure if there is none, or too old a one
 */
std::filesystem::path find_libjvm(const char* named);

/**
 * Finds yolox4j's classes.
 *
 * @param named jars, separated by colons; null to look in the usual places
 * @throws Failure if one of them does not exist
 */
std::string find_class_path(const char* named);

}  // namespace yolox::embed
