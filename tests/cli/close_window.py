"""Ask a window to close, as the button in its frame does: close_window.py DISPLAY ID."""
import ctypes
import sys


class ClientMessage(ctypes.Structure):  # XClientMessageEvent of Xlib.h
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int),
                ("display", ctypes.c_void_p), ("window", ctypes.c_ulong),
                ("message_type", ctypes.c_ulong), ("format", ctypes.c_int),
                ("data", ctypes.c_long * 5), ("rest", ctypes.c_long * 24)]


x11 = ctypes.CDLL("libX11.so.6")
x11.XOpenDisplay.restype = x11.XInternAtom.restype = ctypes.c_void_p
display = ctypes.c_void_p(x11.XOpenDisplay(sys.argv[1].encode()))
window = int(sys.argv[2])
x11.XInternAtom.restype = ctypes.c_ulong
protocols, delete = (x11.XInternAtom(display, name, 0)
                     for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
CLIENT_MESSAGE = 33
event = ClientMessage(type=CLIENT_MESSAGE, window=window, message_type=protocols, format=32)
event.data[0] = delete
x11.XSendEvent(display, ctypes.c_ulong(window), 0, 0, ctypes.byref(event))
x11.XFlush(display)
x11.XCloseDisplay(display)
