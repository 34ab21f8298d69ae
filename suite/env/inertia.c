#include "suite/env/inertia.h"

#include "suite/core/check.h"

void body_scale_mass(mjModel *model, int body, double factor)
{
    model->body_mass[body] *= factor;
    for (int i = 0; i < 3; i++)
        model->body_inertia[3 * body + i] *= factor;
}

// moments of a capsule of unit mass about its middle: a cylinder and the two halves of a ball,
// whose centroids lie 3/8 of the radius beyond the cylinder's ends
static void capsule_moments(double radius, double half_length, double *across, double *along)
{
    double r = radius, h = half_length;
    double cylinder = 2.0 * h / (2.0 * h + 4.0 / 3.0 * r), ball = 1.0 - cylinder;
    *across = cylinder * (3.0 * r * r + 4.0 * h * h) / 12.0 +
              ball * (0.4 * r * r + h * h + 0.75 * h * r);
    *along = cylinder * r * r / 2.0 + ball * 0.4 * r * r;
}

// move what a body consists of away from its origin and make its capsule longer; @return the
// capsule's radius and half of its cylinder's length
static const mjtNum *stretch(mjModel *model, int body, double factor)
{
    int geom = model->body_geomadr[body];
    mjtNum *size = model->geom_size + 3 * geom;
    CHECK(model->body_geomnum[body] == 1 && model->geom_type[geom] == mjGEOM_CAPSULE);

    for (int i = 0; i < 3; i++) {
        model->geom_pos[3 * geom + i] *= factor;
        model->body_ipos[3 * body + i] *= factor;
    }
    size[1] *= factor;
    model->geom_rbound[geom] = size[0] + size[1];
    return size;
}

void body_stretch_capsule(mjModel *model, int body, double factor)
{
    double across, along, across_base, along_base;
    double half_length = model->geom_size[3 * model->body_geomadr[body] + 1];
    const mjtNum *size = stretch(model, body, factor);
    capsule_moments(size[0], half_length, &across_base, &along_base);
    capsule_moments(size[0], size[1], &across, &along);

    // a body with one geom has that geom's axes as its principal ones
    mjtNum *inertia = model->body_inertia + 3 * body;
    inertia[0] *= across / across_base;
    inertia[1] *= across / across_base;
    inertia[2] *= along / along_base;
}

void body_stretch_rod(mjModel *model, int body, double factor)
{
    (void)stretch(model, body, factor);
    for (int i = 0; i < 2; i++)
        model->body_inertia[3 * body + i] *= factor * factor;
}
