#include "suite/run/words.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static Seeds seeds;
static Error err;

Test(word_next, takes_each_word_of_a_list_and_then_none)
{
    char word[WORD_LENGTH];
    const char *list = "a,,bc";
    cr_assert(word_next(&list, word) && strcmp(word, "a") == 0);
    cr_assert(word_next(&list, word) && strcmp(word, "") == 0);
    cr_assert(word_next(&list, word) && strcmp(word, "bc") == 0);
    cr_assert(not(word_next(&list, word)));
    list = NULL;
    cr_assert(not(word_next(&list, word)));
}

Test(word_is_in, finds_whole_words_and_all)
{
    cr_assert(word_is_in("pole", "cart,pole"));
    cr_assert(not(word_is_in("pole", "cartpole,pol")));
    cr_assert(word_is_in("pole", "cart,all"));
}

Test(seeds, are_a_count_a_range_or_a_list)
{
    static const struct {
        const char *text;
        int count, first, last;
    } cases[] = {{"4", 4, 0, 3}, {"3-7", 5, 3, 7}, {"5-5", 1, 5, 5}, {"9,2", 2, 9, 2}};
    for (int i = 0; i < 4; i++) {
        cr_assert(eq(int, seeds_parse(&seeds, cases[i].text, "x", &err), STATUS_OK));
        cr_assert(eq(int, seeds.count, cases[i].count), "%s", cases[i].text);
        cr_assert(eq(int, seeds.seed[0], cases[i].first), "%s", cases[i].text);
        cr_assert(eq(int, seeds.seed[seeds.count - 1], cases[i].last), "%s", cases[i].text);
        seeds_release(&seeds);
    }
}

Test(seeds, are_refused_by_the_name_of_their_place)
{
    static const char *const wrong[] = {"0", "", "abc", "-3", "7-3", "1,,2", "3-", " 3"};
    for (int i = 0; i < 8; i++) {
        cr_assert(eq(int, seeds_parse(&seeds, wrong[i], "'seeds'", &err), STATUS_USAGE));
        cr_assert(strncmp(err.message, "'seeds' cannot be", 17) == 0, "%s", err.message);
        seeds_release(&seeds);
    }
    cr_assert(eq(int, seeds_parse(&seeds, "1,1", "'seeds'", &err), STATUS_USAGE));
    cr_assert(eq(str, err.message, "'seeds' names seed 1 twice"));
    seeds_release(&seeds);
}

Test(seeds, narrow_to_what_both_have_in_their_own_order)
{
    Seeds others;
    cr_assert(eq(int, seeds_parse(&seeds, "9,2,5,4", "x", &err), STATUS_OK));
    cr_assert(eq(int, seeds_parse(&others, "4-9", "x", &err), STATUS_OK));
    seeds_narrow(&seeds, &others);
    cr_assert(eq(int, seeds.count, 3));
    cr_assert(eq(int, seeds.seed[0], 9));
    cr_assert(eq(int, seeds.seed[1], 5));
    cr_assert(eq(int, seeds.seed[2], 4));
    seeds_release(&others);
    seeds_release(&seeds);
}

Test(label, can_be_part_of_the_name_of_a_folder)
{
    cr_assert(eq(int, label_check("", "x", &err), STATUS_OK));
    cr_assert(eq(int, label_check("a-B_9.5", "x", &err), STATUS_OK));
    cr_assert(eq(int, label_check("../up", "'label'", &err), STATUS_USAGE));
    cr_assert(strncmp(err.message, "'label' cannot be '../up'", 25) == 0, "%s", err.message);
}
