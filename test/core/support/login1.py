"""
A logind that knows two things: delay locks, and the word that the PC goes down. On the bus in
DBUS_SYSTEM_BUS_ADDRESS; prints "ready", then "locked WHO: WHY" and "released"; each line of its input is a word to say:
"down" or "up" (the signal, with true or false), "whisper" (the signal with true, but to everybody's own address from a
stranger).
"""

import os
import sys

import dbus
import dbus.lowlevel
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

NAME = "org.freedesktop.login1"
PATH = "/org/freedesktop/login1"
MANAGER = NAME + ".Manager"


def say(text):
    print(text, flush=True)


class Manager(dbus.service.Object):
    @dbus.service.method(MANAGER, in_signature="ssss", out_signature="h")
    def Inhibit(self, what, who, why, mode):
        ours, theirs = os.pipe()

        def released(*_):
            os.close(ours)
            say("released")
            return False

        # Nobody writes: the end comes when the last copy of the other end is closed.
        GLib.io_add_watch(ours, GLib.IO_HUP, released)
        handed = dbus.types.UnixFd(theirs)
        os.close(theirs)
        say(f"locked {what} {mode} {who}: {why}")
        return handed

    @dbus.service.signal(MANAGER, signature="b")
    def PrepareForShutdown(self, active):
        pass


def whisper(bus):
    stranger = dbus.bus.BusConnection(os.environ["DBUS_SYSTEM_BUS_ADDRESS"])
    for name in bus.list_names():
        if name.startswith(":"):
            message = dbus.lowlevel.SignalMessage(PATH, MANAGER, "PrepareForShutdown")
            message.append(True, signature="b")
            message.set_destination(name)
            stranger.send_message(message)
    stranger.flush()
    stranger.close()
    say("whispered")


def main():
    loop = GLib.MainLoop()
    bus = dbus.bus.BusConnection(os.environ["DBUS_SYSTEM_BUS_ADDRESS"], mainloop=DBusGMainLoop())
    name = dbus.service.BusName(NAME, bus)
    manager = Manager(name, PATH)

    def heard(*_):
        # Not by lines: two that come together would wake this once.
        words = os.read(sys.stdin.fileno(), 4096).decode().split()
        for word in words:
            if word == "whisper":
                whisper(bus)
            else:
                manager.PrepareForShutdown(word == "down")
        if not words:
            loop.quit()
        return bool(words)

    GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, heard)
    say("ready")
    loop.run()


main()
