// The annotations of ThreadSanitizer's runtime (sanitizer/tsan_interface.h has only some).
#pragma once

extern "C" {
// What happened before a release of an address happens before a later acquire of it.
void __tsan_acquire(void* address);
void __tsan_release(void* address);
// Reads of this thread between the two are not checked.
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}
