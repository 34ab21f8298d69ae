/** @file
 * Every transfer method, declared from the one list of them.
 *
 * Layer: agents. To add a method: a file FOLDER/NAME.c that ends with its Method row
 * `method_NAME`, and a line in methods.def.
 */
#ifndef AGENTS_METHODS_H
#define AGENTS_METHODS_H

#include "agents/method.h"

#define METHOD(folder, id) extern const Method method_##id;
#include "agents/methods.def"
#undef METHOD

#endif
