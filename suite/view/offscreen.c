#include "suite/view/offscreen.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define EGL_NO_X11
#include <EGL/egl.h>
#include <EGL/eglext.h>

#include "suite/core/mem.h"

struct Offscreen {
    const char *name;
    void *library;
    EGLDisplay display;
    EGLContext egl;
    void *mesa;           // OSMesa's context
    unsigned char *pixel; // that OSMesa draws into
};

// a function of a library; ISO C has no conversion from data to code, POSIX has
static bool find(void *library, const char *name, void *function)
{
    void *address = dlsym(library, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

// -- EGL

typedef struct Egl {
    EGLDisplay (*get_display)(EGLenum platform, void *native, const EGLint *attributes);
    EGLBoolean (*initialize)(EGLDisplay display, EGLint *major, EGLint *minor);
    EGLBoolean (*bind)(EGLenum api);
    EGLBoolean (*choose)(EGLDisplay display, const EGLint *attributes, EGLConfig *configs,
                         EGLint size, EGLint *count);
    EGLContext (*create)(EGLDisplay display, EGLConfig config, EGLContext share,
                         const EGLint *attributes);
    EGLBoolean (*make_current)(EGLDisplay display, EGLSurface draw, EGLSurface read,
                               EGLContext context);
    EGLBoolean (*destroy)(EGLDisplay display, EGLContext context);
    EGLBoolean (*terminate)(EGLDisplay display);
} Egl;

static bool find_egl(void *library, Egl *egl)
{
    return find(library, "eglGetPlatformDisplay", &egl->get_display) &&
           find(library, "eglInitialize", &egl->initialize) &&
           find(library, "eglBindAPI", &egl->bind) &&
           find(library, "eglChooseConfig", &egl->choose) &&
           find(library, "eglCreateContext", &egl->create) &&
           find(library, "eglMakeCurrent", &egl->make_current) &&
           find(library, "eglDestroyContext", &egl->destroy) &&
           find(library, "eglTerminate", &egl->terminate);
}

static const char *begin_context(Offscreen *o, const Egl *egl)
{
    const EGLint wanted[] = {EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_SURFACE_TYPE, 0,
                             EGL_NONE};
    EGLConfig config;
    EGLint count = 0;
    o->display = egl->get_display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, NULL);
    if (o->display == EGL_NO_DISPLAY) return "it has no surfaceless display";
    if (!egl->initialize(o->display, NULL, NULL))
        return "its surfaceless display does not begin";
    if (!egl->bind(EGL_OPENGL_API)) return "it has no OpenGL";
    if (!egl->choose(o->display, wanted, &config, 1, &count) || count == 0)
        return "it has no configuration for OpenGL";
    o->egl = egl->create(o->display, config, EGL_NO_CONTEXT, NULL);
    if (o->egl == EGL_NO_CONTEXT) return "it makes no context";
    if (!egl->make_current(o->display, EGL_NO_SURFACE, EGL_NO_SURFACE, o->egl))
        return "its context cannot be used without a surface";
    return NULL;
}

// @return what is wrong, or NULL
static const char *begin_egl(Offscreen *o)
{
    Egl egl;
    const char *asked = getenv("SUITE_OFFSCREEN");
    o->name = "EGL";
    if (asked && strcmp(asked, "osmesa") == 0) return "SUITE_OFFSCREEN asks for the other";
    o->library = dlopen("libEGL.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!o->library) return "libEGL.so.1 is not installed";
    if (!find_egl(o->library, &egl)) return "libEGL.so.1 is older than EGL 1.5";
    return begin_context(o, &egl);
}

static void end_egl(Offscreen *o)
{
    Egl egl;
    if (!o->library || !find_egl(o->library, &egl) || o->display == EGL_NO_DISPLAY) return;
    (void)egl.make_current(o->display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    if (o->egl != EGL_NO_CONTEXT) (void)egl.destroy(o->display, o->egl);
    (void)egl.terminate(o->display);
}

// -- OSMesa, which comes without headers

enum {
    MESA_RGBA = 0x1908,     // OSMESA_RGBA, which is GL_RGBA
    MESA_UNSIGNED = 0x1401, // GL_UNSIGNED_BYTE
    MESA_DEPTH_BITS = 24,
    MESA_STENCIL_BITS = 8,
    MESA_BYTES = 4 // a pixel
};

typedef struct Mesa {
    void *(*create)(int format, int depth, int stencil, int accumulation, void *share);
    unsigned char (*make_current)(void *context, void *pixel, unsigned type, int width,
                                  int height);
    void (*destroy)(void *context);
} Mesa;

static bool find_mesa(void *library, Mesa *mesa)
{
    return find(library, "OSMesaCreateContextExt", &mesa->create) &&
           find(library, "OSMesaMakeCurrent", &mesa->make_current) &&
           find(library, "OSMesaDestroyContext", &mesa->destroy);
}

static const char *begin_mesa(Offscreen *o, int width, int height)
{
    Mesa mesa;
    o->name = "OSMesa";
    o->library = dlopen("libOSMesa.so.8", RTLD_NOW | RTLD_LOCAL);
    if (!o->library) return "libOSMesa.so.8 is not installed";
    if (!find_mesa(o->library, &mesa)) return "libOSMesa.so.8 is not what it should be";
    o->pixel = mem_array((size_t)width * MESA_BYTES, (size_t)height);
    o->mesa = mesa.create(MESA_RGBA, MESA_DEPTH_BITS, MESA_STENCIL_BITS, 0, NULL);
    if (!o->pixel || !o->mesa) return "it makes no context";
    if (!mesa.make_current(o->mesa, o->pixel, MESA_UNSIGNED, width, height))
        return "its context cannot be used";
    return NULL;
}

static void end_mesa(Offscreen *o)
{
    Mesa mesa;
    if (o->mesa && find_mesa(o->library, &mesa)) mesa.destroy(o->mesa);
    mem_free(o->pixel);
}

// -- either

// Mesa's libraries leave what they hold for the end of the process, so they are not unloaded
static void end(Offscreen *o)
{
    if (strcmp(o->name, "EGL") == 0)
        end_egl(o);
    else
        end_mesa(o);
    *o = (Offscreen){.name = ""};
}

Status offscreen_new(Offscreen **out, int width, int height, Error *err)
{
    *out = NULL;
    Offscreen *o = mem_array(1, sizeof *o);
    if (!o) return error_nomem(err);
    const char *egl = begin_egl(o), *mesa = NULL;
    if (egl) {
        end(o);
        mesa = begin_mesa(o, width, height);
    }
    if (egl && mesa) {
        end(o);
        mem_free(o);
        return error_set(err, STATUS_MISSING,
                         "no OpenGL without a display (EGL: %s; OSMesa: %s); "
                         "`apt-get install libegl1 libgl1-mesa-dri` has one",
                         egl, mesa);
    }
    *out = o;
    return STATUS_OK;
}

void offscreen_free(Offscreen *offscreen)
{
    if (!offscreen) return;
    end(offscreen);
    mem_free(offscreen);
}

const char *offscreen_name(const Offscreen *offscreen)
{
    return offscreen->name;
}
