#include "results/tfevents.h"

#include <math.h>
#include <string.h>

#include "results/binary.h"
#include "suite/core/file.h"

// -- protocol buffers: a field is its number and kind in one, then its contents

enum { KIND_VARINT, KIND_8_BYTES, KIND_LENGTH, KIND_4_BYTES = 5 };
enum { EVENT_WALL_TIME = 1, EVENT_STEP, EVENT_FILE_VERSION, EVENT_SUMMARY = 5 };
enum { SUMMARY_VALUE = 1 };
enum { VALUE_TAG = 1, VALUE_SIMPLE = 2 };

// seven bits a byte, the lowest first; the eighth says that more follow
static void put_varint(Text *text, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        binary_int(text, value | 0x80, 1);
    binary_int(text, value, 1);
}

static void put_key(Text *text, int field, int kind)
{
    put_varint(text, (uint64_t)field << 3 | (uint64_t)kind);
}

static void put_bytes(Text *text, int field, const void *bytes, size_t size)
{
    put_key(text, field, KIND_LENGTH);
    put_varint(text, size);
    text_bytes(text, bytes, size);
}

static void put_text(Text *text, int field, const Text *part)
{
    put_bytes(text, field, part->data, part->length);
    text->failed |= part->failed;
}

// -- records: a length and its checksum, the event and its checksum

// the format turns checksums, so that one of data with checksums in it is no trivial one
static uint32_t masked_crc(const void *data, size_t size)
{
    uint32_t crc = binary_crc32c(data, size);
    return (crc >> 15 | crc << 17) + 0xa282ead8;
}

static void put_record(Text *file, const Text *event)
{
    size_t at = file->length;
    binary_int(file, event->length, 8);
    if (file->failed) return;
    binary_int(file, masked_crc(file->data + at, 8), 4);
    text_bytes(file, event->data, event->length);
    binary_int(file, masked_crc(event->data, event->length), 4);
    file->failed |= event->failed;
}

static void begin_event(Text *event, int64_t step)
{
    text_clear(event);
    if (!step) return; // what is 0 is left out
    put_key(event, EVENT_WALL_TIME, KIND_8_BYTES);
    binary_double(event, (double)step);
    put_key(event, EVENT_STEP, KIND_VARINT);
    put_varint(event, (uint64_t)step);
}

void tfevents_begin(TfEvents *events)
{
    static const char version[] = "brain.Event:2";
    begin_event(&events->event, 0);
    put_bytes(&events->event, EVENT_FILE_VERSION, version, strlen(version));
    put_record(&events->file, &events->event);
}

void tfevents_add(TfEvents *events, int64_t step, const TfScalar *scalar, int count)
{
    text_clear(&events->summary);
    for (int i = 0; i < count; i++) {
        if (isnan(scalar[i].value)) continue;
        text_clear(&events->value);
        put_bytes(&events->value, VALUE_TAG, scalar[i].tag, strlen(scalar[i].tag));
        put_key(&events->value, VALUE_SIMPLE, KIND_4_BYTES);
        binary_float(&events->value, (float)scalar[i].value);
        put_text(&events->summary, SUMMARY_VALUE, &events->value);
    }
    begin_event(&events->event, step);
    put_text(&events->event, EVENT_SUMMARY, &events->summary);
    put_record(&events->file, &events->event);
}

Status tfevents_write(const TfEvents *events, const char *path, Error *err)
{
    Status status = text_status(&events->file, err);
    return status == STATUS_OK ? file_write(path, events->file.data, events->file.length, err)
                               : status;
}

void tfevents_release(TfEvents *events)
{
    text_release(&events->file);
    text_release(&events->event);
    text_release(&events->summary);
    text_release(&events->value);
}
