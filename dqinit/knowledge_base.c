#include "dqinit/knowledge_base.h"

#include "suite/core/mem.h"

enum { KB_VERSION = 1, MOST_CELLS = 1 << 26, MOST_STATES = 1 << 24, MOST_ACTIONS = 4096 };

static const char kind[] = "knowledge";

void kb_release(KnowledgeBase *kb)
{
    cells_release(&kb->cells);
    mem_free(kb->value);
    mem_free(kb->variance);
    mem_free(kb->visits);
    mem_free(kb->sources);
    mem_free(kb->features);
    mem_free(kb->coords);
    *kb = (KnowledgeBase){0};
}

// memory for C cells and J states, when reading
static Status take(KnowledgeBase *kb, int cells, Error *err)
{
    size_t c = (size_t)cells, j = (size_t)kb->state_count;
    Status status = cells_init(&kb->cells, cells, err);
    if (status != STATUS_OK) return status;

    kb->value = mem_array(c, (size_t)kb->action_count * sizeof *kb->value);
    kb->variance = mem_array(c, sizeof *kb->variance);
    kb->visits = mem_array(c, sizeof *kb->visits);
    kb->sources = mem_array(c, sizeof *kb->sources);
    kb->features = mem_array(j, (size_t)kb->feature_dim * sizeof *kb->features);
    kb->coords = mem_array(j, (size_t)kb->tilings.dims * sizeof *kb->coords);
    bool taken =
        kb->value && kb->variance && kb->visits && kb->sources && kb->features && kb->coords;
    return taken ? STATUS_OK : error_nomem(err);
}

static void archive_numbers(KnowledgeBase *kb, Archive *archive)
{
    archive_int(archive, "kb.numbers", &kb->number_count, 0, KB_NUMBERS);
    for (int i = 0; i < kb->number_count && !archive_has_failed(archive); i++) {
        archive_name(archive, "kb.name", kb->number[i].name, KB_NAME);
        archive_bytes(archive, "kb.value", &kb->number[i].value, sizeof(double));
    }
}

// the arrays, whose sizes are known by now
static void archive_arrays(KnowledgeBase *kb, Archive *archive, int cells)
{
    size_t c = (size_t)cells, j = (size_t)kb->state_count;
    archive_bytes(archive, "kb.keys", kb->cells.key, c * sizeof *kb->cells.key);
    archive_bytes(archive, "kb.q", kb->value, c * (size_t)kb->action_count * sizeof *kb->value);
    archive_bytes(archive, "kb.variance", kb->variance, c * sizeof *kb->variance);
    archive_bytes(archive, "kb.visits", kb->visits, c * sizeof *kb->visits);
    archive_bytes(archive, "kb.sources", kb->sources, c * sizeof *kb->sources);
    archive_bytes(archive, "kb.features", kb->features,
                  j * (size_t)kb->feature_dim * sizeof *kb->features);
    archive_bytes(archive, "kb.coords", kb->coords,
                  j * (size_t)kb->tilings.dims * sizeof *kb->coords);
}

// the keys' own hash slots are not part of the file
static void index_keys(KnowledgeBase *kb, Archive *archive, int cells)
{
    for (int i = 0; i < cells && !archive_has_failed(archive); i++)
        if (cells_add(&kb->cells, kb->cells.key[i]) != i)
            archive_fail(archive, STATUS_PARSE, "holds a cell twice");
}

static void kb_archive(KnowledgeBase *kb, Archive *archive)
{
    int cells = kb->cells.count;
    tilings_archive(&kb->tilings, archive);
    archive_int(archive, "kb.actions", &kb->action_count, 1, MOST_ACTIONS);
    archive_int(archive, "kb.feature_dim", &kb->feature_dim, 1, NETWORK_UNITS);
    archive_int(archive, "kb.cells", &cells, 1, MOST_CELLS);
    archive_int(archive, "kb.states", &kb->state_count, 1, MOST_STATES);
    archive_numbers(kb, archive);
    uint64_t cell = sizeof *kb->cells.key + (uint64_t)kb->action_count * sizeof *kb->value;
    uint64_t state = (uint64_t)kb->feature_dim * sizeof *kb->features;
    archive_expect(archive, cell * (uint64_t)cells + state * (uint64_t)kb->state_count);
    if (archive_has_failed(archive)) return;

    if (archive_is_reading(archive) && take(kb, cells, NULL) != STATUS_OK) {
        archive_fail(archive, STATUS_NOMEM, "holds a table too large for the memory");
        return;
    }
    archive_arrays(kb, archive, cells);
    if (archive_is_reading(archive)) index_keys(kb, archive, cells);
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

int kb_lookup(const KnowledgeBase *kb, const float *coords, float *q)
{
    int hits = 0;
    float part[TILINGS_DIMS];
    tilings_scale(&kb->tilings, coords, part);
    for (int t = 0; t < kb->tilings.count; t++) {
        int cell = cells_find(&kb->cells, tilings_key(&kb->tilings, t, part));
        if (cell < 0) continue;
        const float *value = kb->value + (size_t)cell * (size_t)kb->action_count;
        for (int a = 0; a < kb->action_count; a++)
            q[a] = (hits ? q[a] : 0.0f) + value[a];
        hits++;
    }
    for (int a = 0; hits && a < kb->action_count; a++)
        q[a] /= (float)hits;
    return hits;
}

int kb_greedy(void *kb, const Sight *sight)
{
    const KnowledgeBase *table = kb;
    float q[MOST_ACTIONS];
    return kb_lookup(table, sight->coords, q) ? argmax(q, table->action_count) : 0;
}

int64_t kb_bytes(const KnowledgeBase *kb)
{
    int64_t cell = (int64_t)sizeof(uint64_t) + (int64_t)sizeof(float) * (kb->action_count + 1) +
                   (int64_t)sizeof(int32_t) + 1;
    int64_t state = (int64_t)sizeof(float) * (kb->feature_dim + kb->tilings.dims);
    return cell * kb->cells.count + state * kb->state_count;
}
