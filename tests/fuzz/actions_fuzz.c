/** @file
 * Fuzz harness for the actions file of `suite rollout`: whatever the bytes, actions_parse()
 * neither crashes nor leaks, and what it accepts is in range.
 */
#include <stddef.h>
#include <stdint.h>

#include "suite/core/check.h"
#include "suite/run/rollout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { ACTIONS = 27 };
    ActionList list;
    Error err = {0};
    Status status = actions_parse(&list, (const char *)data, size, "actions", ACTIONS, &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    for (int i = 0; i < list.count; i++)
        CHECK(list.action[i] >= 0 && list.action[i] < ACTIONS);
    actions_release(&list);
    return 0;
}
