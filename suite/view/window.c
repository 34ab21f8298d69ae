#include "suite/view/window.h"

#include <GLFW/glfw3.h>

#include "suite/core/mem.h"

enum { QUEUE = 256, SAMPLES = 4, SMALLEST = 200 };

static const struct {
    int code; // GLFW's
    ViewKey key;
} keys[] = {
    {GLFW_KEY_F1, KEY_HELP},
    {GLFW_KEY_SPACE, KEY_PAUSE},
    {GLFW_KEY_PERIOD, KEY_STEP},
    {GLFW_KEY_MINUS, KEY_SLOWER},
    {GLFW_KEY_EQUAL, KEY_FASTER},
    {GLFW_KEY_R, KEY_RESTART},
    {GLFW_KEY_N, KEY_NEXT_START},
    {GLFW_KEY_S, KEY_NEXT_SEED},
    {GLFW_KEY_M, KEY_NEXT_MEMBER},
    {GLFW_KEY_X, KEY_NEXT_METHOD},
    {GLFW_KEY_K, KEY_DRIVE},
    {GLFW_KEY_LEFT, KEY_MOTOR_1_DOWN},
    {GLFW_KEY_RIGHT, KEY_MOTOR_1_UP},
    {GLFW_KEY_DOWN, KEY_MOTOR_2_DOWN},
    {GLFW_KEY_UP, KEY_MOTOR_2_UP},
    {GLFW_KEY_PAGE_DOWN, KEY_MOTOR_3_DOWN},
    {GLFW_KEY_PAGE_UP, KEY_MOTOR_3_UP},
    {GLFW_KEY_LEFT_BRACKET, KEY_TRAIN_SLOWER},
    {GLFW_KEY_RIGHT_BRACKET, KEY_TRAIN_FASTER},
    {GLFW_KEY_TAB, KEY_PANELS},
    {GLFW_KEY_H, KEY_HUD},
    {GLFW_KEY_C, KEY_CAMERA},
    {GLFW_KEY_P, KEY_PICTURE},
    {GLFW_KEY_V, KEY_MOVIE},
    {GLFW_KEY_ESCAPE, KEY_QUIT},
};

struct Window {
    GLFWwindow *glfw;
    WindowEvent queue[QUEUE]; // (count) from `first` on
    int first, count;
    bool left, right; // buttons held
    double x, y;      // of the mouse, in GLFW's units from the upper left corner
};

// -- events

// of more than fit between two frames the last are lost
static void put(Window *w, WindowEvent event)
{
    if (w->first + w->count < QUEUE) w->queue[w->first + w->count++] = event;
}

static void on_key(GLFWwindow *glfw, int code, int scan, int action, int mods)
{
    (void)scan;
    (void)mods;
    if (action == GLFW_REPEAT) return;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i].code == code)
            put(glfwGetWindowUserPointer(glfw), (WindowEvent){.kind = EVENT_KEY,
                                                              .key = keys[i].key,
                                                              .down = action == GLFW_PRESS});
}

// pixels of the picture for each of GLFW's units, which differ on some displays
static double scale_of(GLFWwindow *glfw)
{
    int width, pixels, height;
    glfwGetWindowSize(glfw, &width, &height);
    glfwGetFramebufferSize(glfw, &pixels, &height);
    return width > 0 ? (double)pixels / width : 1.0;
}

static void place(const Window *w, double at[2])
{
    int width, height;
    glfwGetFramebufferSize(w->glfw, &width, &height);
    double scale = scale_of(w->glfw);
    at[0] = scale * w->x;
    at[1] = height - scale * w->y;
}

static void on_button(GLFWwindow *glfw, int button, int action, int mods)
{
    Window *w = glfwGetWindowUserPointer(glfw);
    bool right = button == GLFW_MOUSE_BUTTON_RIGHT, down = action == GLFW_PRESS;
    if (!right && button != GLFW_MOUSE_BUTTON_LEFT) return;
    *(right ? &w->right : &w->left) = down;
    glfwGetCursorPos(glfw, &w->x, &w->y);
    WindowEvent event = {.kind = down ? EVENT_PRESS : EVENT_RELEASE,
                         .right = right,
                         .control = mods & GLFW_MOD_CONTROL};
    place(w, event.at);
    put(w, event);
}

static bool is_held(GLFWwindow *glfw, int left, int right)
{
    return glfwGetKey(glfw, left) == GLFW_PRESS || glfwGetKey(glfw, right) == GLFW_PRESS;
}

static void on_move(GLFWwindow *glfw, double x, double y)
{
    Window *w = glfwGetWindowUserPointer(glfw);
    double scale = scale_of(glfw);
    WindowEvent event = {.kind = EVENT_DRAG,
                         .right = w->right,
                         .shift = is_held(glfw, GLFW_KEY_LEFT_SHIFT, GLFW_KEY_RIGHT_SHIFT),
                         .by = {scale * (x - w->x), scale * (y - w->y)}};
    w->x = x;
    w->y = y;
    if (w->left || w->right) put(w, event);
}

static void on_scroll(GLFWwindow *glfw, double x, double y)
{
    put(glfwGetWindowUserPointer(glfw), (WindowEvent){.kind = EVENT_SCROLL, .by = {x, y}});
}

static void on_close(GLFWwindow *glfw)
{
    put(glfwGetWindowUserPointer(glfw), (WindowEvent){.kind = EVENT_CLOSE});
}

bool window_next(Window *window, WindowEvent *out)
{
    if (window->count == 0) {
        window->first = 0;
        return false;
    }
    *out = window->queue[window->first++];
    window->count--;
    return true;
}

// -- the window

static Status refuse(const char *what, Error *err)
{
    const char *why = NULL;
    (void)glfwGetError(&why);
    return error_set(err, STATUS_MISSING,
                     "%s (%s); `suite record RUN --out walk.mp4` needs no display", what,
                     why ? why : "GLFW does not say why");
}

static void listen(Window *w)
{
    glfwSetWindowUserPointer(w->glfw, w);
    (void)glfwSetKeyCallback(w->glfw, on_key);
    (void)glfwSetMouseButtonCallback(w->glfw, on_button);
    (void)glfwSetCursorPosCallback(w->glfw, on_move);
    (void)glfwSetScrollCallback(w->glfw, on_scroll);
    (void)glfwSetWindowCloseCallback(w->glfw, on_close);
}

Status window_new(Window **out, const char *title, int width, int height, Error *err)
{
    *out = NULL;
    if (!glfwInit()) return refuse("cannot open a window", err);
    Window *w = mem_array(1, sizeof *w);
    if (!w) {
        glfwTerminate();
        return error_nomem(err);
    }
    glfwWindowHint(GLFW_SAMPLES, SAMPLES);
    w->glfw = glfwCreateWindow(width, height, title, NULL, NULL);
    if (!w->glfw) {
        Status status = refuse("the display has no window for OpenGL", err);
        window_free(w);
        return status;
    }
    glfwSetWindowSizeLimits(w->glfw, SMALLEST, SMALLEST, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwMakeContextCurrent(w->glfw);
    glfwSwapInterval(1);
    listen(w);
    *out = w;
    return STATUS_OK;
}

void window_free(Window *window)
{
    if (!window) return;
    if (window->glfw) glfwDestroyWindow(window->glfw);
    glfwTerminate();
    mem_free(window);
}

void window_size(const Window *window, int *width, int *height)
{
    glfwGetFramebufferSize(window->glfw, width, height);
}

void window_show(Window *window)
{
    glfwSwapBuffers(window->glfw);
    glfwPollEvents();
}

bool window_is_there(void)
{
    return true;
}
