/** @file
 * Every task family, declared from the one list of them.
 *
 * Layer: models. To add a family: a folder models/NAME with NAME.c, NAME.xml, family.json and
 * README.md, and a line in tasks.def.
 */
#ifndef MODELS_TASKS_H
#define MODELS_TASKS_H

#include "suite/env/task.h"

#define TASK(id) extern const TaskFamily task_##id;
#include "models/tasks.def"
#undef TASK

#endif
