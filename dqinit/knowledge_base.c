#include "dqinit/knowledge_base.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

enum { KB_VERSION = 3, MOST_ACTIONS = 4096 };

static const char kind[] = "knowledge";

void kb_release(KnowledgeBase *kb)
{
    for (int s = 0; kb->source && s < kb->source_count; s++) {
        tile_table_release(&kb->source[s].tiles);
        codebook_release(&kb->source[s].book);
    }
    mem_free(kb->source);
    table_states_release(&kb->states);
    *kb = (KnowledgeBase){0};
}

Status kb_take_sources(KnowledgeBase *kb, int count, Error *err)
{
    kb->source = mem_array((size_t)count, sizeof *kb->source);
    if (!kb->source) return error_nomem(err);
    kb->source_count = count;
    return STATUS_OK;
}

static void archive_numbers(KnowledgeBase *kb, Archive *archive)
{
    archive_int(archive, "kb.numbers", &kb->number_count, 0, KB_NUMBERS);
    for (int i = 0; i < kb->number_count && !archive_has_failed(archive); i++) {
        archive_name(archive, "kb.name", kb->number[i].name, KB_NAME);
        archive_bytes(archive, "kb.value", &kb->number[i].value, sizeof(double));
    }
}

static bool fits(const KnowledgeBase *kb, const SourceTable *source)
{
    if (kb->form == TABLE_TILINGS) return source->tiles.actions == kb->action_count;
    return source->book.actions == kb->action_count && source->book.dims == kb->coord_count;
}

static void archive_source(KnowledgeBase *kb, SourceTable *source, Archive *archive)
{
    archive_name(archive, "kb.member", source->member, KB_NAME);
    if (kb->form == TABLE_TILINGS)
        tile_table_archive(&source->tiles, archive);
    else
        codebook_archive(&source->book, archive);
    if (!archive_has_failed(archive) && !fits(kb, source))
        archive_fail(archive, STATUS_PARSE, "holds a table of another task");
}

static void kb_archive(KnowledgeBase *kb, Archive *archive)
{
    int sources = kb->source_count;
    archive_int(archive, "kb.form", &kb->form, TABLE_CODEBOOK, TABLE_TILINGS);
    archive_int(archive, "kb.actions", &kb->action_count, 1, MOST_ACTIONS);
    archive_int(archive, "kb.features", &kb->feature_dim, 1, NETWORK_UNITS);
    archive_int(archive, "kb.coords", &kb->coord_count, 1, TILINGS_DIMS);
    tilings_archive(&kb->tilings, archive);
    if (!archive_has_failed(archive) && kb->tilings.dims != kb->coord_count)
        archive_fail(archive, STATUS_PARSE, "holds tilings of another task");
    archive_int(archive, "kb.merged", &kb->merged, 0, 1);
    archive_int(archive, "kb.sources", &sources, 1, kb->merged ? 1 : KB_SOURCES);
    archive_numbers(kb, archive);
    if (archive_has_failed(archive)) return;
    if (archive_is_reading(archive) && kb_take_sources(kb, sources, NULL) != STATUS_OK) {
        archive_fail(archive, STATUS_NOMEM, "holds a table too large for the memory");
        return;
    }
    for (int s = 0; s < sources && !archive_has_failed(archive); s++)
        archive_source(kb, &kb->source[s], archive);
    table_states_archive(&kb->states, kb->feature_dim, kb->coord_count, archive);
}

Status kb_write(KnowledgeBase *kb, const char *path, Error *err)
{
    Archive *archive;
    Status status = archive_create(&archive, path, kind, KB_VERSION, err);
    if (status != STATUS_OK) return status;
    kb_archive(kb, archive);
    return archive_close(archive, err);
}

Status kb_read(KnowledgeBase *kb, const char *path, Error *err)
{
    Archive *archive;
    *kb = (KnowledgeBase){0};
    Status status = archive_open(&archive, path, kind, KB_VERSION, err);
    if (status != STATUS_OK) return status;
    kb_archive(kb, archive);
    return archive_close(archive, err);
}

Status kb_check(const char *path, Error *err)
{
    return archive_check(path, kind, KB_VERSION, err);
}

void kb_shuffle(KnowledgeBase *kb, RngStream *rng)
{
    for (int s = 0; s < kb->source_count; s++) {
        if (kb->form == TABLE_TILINGS)
            tile_table_shuffle(&kb->source[s].tiles, rng);
        else
            codebook_shuffle(&kb->source[s].book, rng);
    }
}

int kb_cells(const KnowledgeBase *kb)
{
    int cells = 0;
    for (int s = 0; s < kb->source_count; s++)
        cells += kb->form == TABLE_TILINGS ? kb->source[s].tiles.cells.count
                                           : kb->source[s].book.count;
    return cells;
}

int64_t kb_bytes(const KnowledgeBase *kb)
{
    int64_t bytes = table_states_bytes(&kb->states);
    for (int s = 0; s < kb->source_count; s++)
        bytes += kb->form == TABLE_TILINGS ? tile_table_bytes(&kb->source[s].tiles)
                                           : codebook_bytes(&kb->source[s].book);
    return bytes;
}

double kb_number(const KnowledgeBase *kb, const char *name)
{
    for (int i = 0; i < kb->number_count; i++)
        if (strcmp(kb->number[i].name, name) == 0) return kb->number[i].value;
    return (double)NAN;
}

void kb_put_number(KnowledgeBase *kb, const char *name, const char *source, double value)
{
    CHECK(kb->number_count < KB_NUMBERS);
    KbNumber *number = &kb->number[kb->number_count++];
    number->value = value;
    (void)snprintf(number->name, KB_NAME, source ? "%s.%s" : "%s", name, source);
}
