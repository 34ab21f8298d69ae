#include "suite/env/inertia.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/support/folder.h"

// a rod that hangs from its origin, beside a shape that no member changes
static const char rod_xml[] =
    "<mujoco><worldbody><body name='other' pos='1 0 0'><joint type='slide'/>"
    "<geom type='box' size='0.1 0.2 0.3'/></body>"
    "<body name='rod'><joint type='hinge' axis='0 1 0'/>"
    "<geom type='capsule' fromto='0 0 0 %s' size='0.05' "
    "mass='%s'/></body></worldbody></mujoco>";
enum { OTHER = 1, ROD };

static mjModel *rod(const char *end, const char *mass)
{
    char xml[sizeof rod_xml + 100], said[500] = "";
    int n = snprintf(xml, sizeof xml, rod_xml, end, mass);
    test_put_file(test_path("rod.xml"), xml, (size_t)n);
    mjModel *m = mj_loadXML(test_path("rod.xml"), NULL, said, sizeof said);
    cr_assert(m != NULL, "%s", said);
    return m;
}

TestSuite(inertia, .init = test_folder_make, .fini = test_folder_remove);

static void check_body(const mjModel *m, const mjModel *expected, int body)
{
    cr_assert(epsilon_eq(dbl, m->body_mass[body], expected->body_mass[body], 1e-12));
    for (int i = 0; i < 3; i++) {
        int at = 3 * body + i, geom = 3 * m->body_geomadr[body] + i;
        cr_assert(epsilon_eq(dbl, m->body_inertia[at], expected->body_inertia[at], 1e-12),
                  "body %d, moment %d", body, i);
        cr_assert(epsilon_eq(dbl, m->body_ipos[at], expected->body_ipos[at], 1e-12));
        cr_assert(epsilon_eq(dbl, m->geom_pos[geom], expected->geom_pos[geom], 1e-12));
        cr_assert(epsilon_eq(dbl, m->geom_size[geom], expected->geom_size[geom], 1e-12));
    }
}

Test(inertia, a_heavier_rod_is_the_one_that_was_declared_heavier)
{
    mjModel *m = rod("0.3 0 0.4", "0.2"), *heavier = rod("0.3 0 0.4", "0.7");
    body_scale_mass(m, ROD, 3.5);
    check_body(m, heavier, ROD);
    check_body(m, heavier, OTHER);
    mj_deleteModel(m);
    mj_deleteModel(heavier);
}

Test(inertia, a_longer_rod_is_the_one_that_was_declared_longer)
{
    mjModel *m = rod("0.3 0 0.4", "0.2"), *longer = rod("0.45 0 0.6", "0.2");
    body_stretch_capsule(m, ROD, 1.5);
    check_body(m, longer, ROD);
    check_body(m, longer, OTHER);
    int geom = m->body_geomadr[ROD];
    cr_assert(epsilon_eq(dbl, m->geom_rbound[geom], longer->geom_rbound[geom], 1e-12));
    mj_deleteModel(m);
    mj_deleteModel(longer);
}

Test(inertia, a_thin_rod_keeps_its_mass_and_gains_by_the_square_of_its_length)
{
    mjModel *m = rod("0.3 0 0.4", "0.2"), *longer = rod("0.45 0 0.6", "0.2");
    for (int i = 0; i < 2; i++)
        longer->body_inertia[3 * ROD + i] = 2.25 * m->body_inertia[3 * ROD + i];
    longer->body_inertia[3 * ROD + 2] = m->body_inertia[3 * ROD + 2];
    body_stretch_rod(m, ROD, 1.5);
    check_body(m, longer, ROD);
    check_body(m, longer, OTHER);
    mj_deleteModel(m);
    mj_deleteModel(longer);
}

Test(inertia, a_factor_of_one_leaves_every_bit)
{
    mjModel *m = rod("0.3 0 0.4", "0.2"), *base = rod("0.3 0 0.4", "0.2");
    size_t three = 3 * (size_t)m->nbody * sizeof(mjtNum);
    body_scale_mass(m, ROD, 1.0);
    body_stretch_capsule(m, ROD, 1.0);
    body_stretch_rod(m, ROD, 1.0);
    cr_assert(eq(int, memcmp(m->body_inertia, base->body_inertia, three), 0));
    cr_assert(eq(int, memcmp(m->body_ipos, base->body_ipos, three), 0));
    cr_assert(eq(int, memcmp(m->body_mass, base->body_mass, three / 3), 0));
    cr_assert(eq(int, memcmp(m->geom_size, base->geom_size, three), 0));
    mj_deleteModel(m);
    mj_deleteModel(base);
}
