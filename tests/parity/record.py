"""Record rollouts of the tasks that our families reproduce, from Gymnasium and dm_control
themselves, as the data of tests/models/parity_test.c. README.md says how and what the files hold.

    python record.py [FOLDER]      one CSV a family; the same bytes every time
"""

import importlib.metadata
import pathlib
import platform
import sys

import gymnasium
import mujoco
import numpy as np
from dm_control import suite

PI = np.pi

# Starts: (qpos, qvel, control steps, hold, rest). A drawn action stays for `hold` steps and is
# followed by `rest` steps of the middle one. The time limit ends an episode earlier; so does the
# task itself, where the original cannot be stepped beyond its end.
STARTS = {
    "reacher": [
        ((0.0, 0.0, 0.1, -0.1), (0.0, 0.0, 0.0, 0.0), 50, 1, 0),
        ((1.2, -2.1, -0.15, 0.05), (-3.0, 2.0, 0.0, 0.0), 50, 3, 0),
        ((0.3, 2.9, 0.1, -0.15), (-1.0, 9.0, 0.0, 0.0), 50, 9, 0),  # the elbow's limits
        ((-1.0, -2.95, -0.1, 0.15), (2.0, -4.0, 0.0, 0.0), 50, 12, 2),
        ((3.0, -1.5, -0.1, -0.1), (-15.0, 12.0, 0.0, 0.0), 20, 2, 0),
        ((0.5, 3.1, 0.28, -0.28), (0.0, 4.0, 0.5, -0.5), 10, 2, 0),  # three limits at once
    ],
    "hopper": [
        ((0.0, 1.25, 0.01, 0.0, 0.0, 0.0), (0.0,) * 6, 120, 0, 120),  # stands and tips over
        ((0.0, 1.25, 0.0, 0.0, 0.0, 0.0), (0.0,) * 6, 60, 1, 9),
        ((0.0, 1.25, -0.02, 0.0, 0.0, 0.0), (1.0, -2.0, 0.1, 0.0, 0.0, 0.0), 40, 1, 0),
        ((0.3, 1.25, 0.0, -0.3, -0.6, 0.4), (0.5, 0.0, 0.2, 0.0, 0.0, 0.0), 30, 1, 4),
        ((0.0, 2.4, -0.1, -0.8, -1.2, -0.3), (1.0, 1.0, 0.1, -0.5, 1.0, 0.5), 20, 2, 4),
        ((0.0, 1.5, 0.0, -2.5, -0.1, 0.7), (0.0, 0.0, 0.0, -4.0, 3.0, 4.0), 30, 8, 0),  # limits
        ((0.0, 1.2, 0.1, -0.2, -0.3, 0.1), (1.5, -0.5, 0.5, 12.0, -11.0, 3.0), 40, 2, 2),
        ((0.0, 1.6, 0.0, -2.6, -2.6, -0.7), (0.0, 0.0, 0.0, -2.0, -2.0, 0.0), 20, 5, 0),  # folded
        ((0.0, 0.71, 0.15, -1.6, -2.3, 0.5), (0.0, -0.5, 0.0, 0.0, 0.0, 0.0), 10, 1, 1),  # kneels
        ((0.0, 0.05, 1.55, 0.0, -0.1, 0.2), (0.3, -1.0, 1.0, 0.0, 0.0, 0.0), 10, 1, 1),  # lies
        ((0.0, 1.3, 0.0, -0.5, -1.0, 0.5), (0.0, 0.0, 0.0, 0.0, 101.0, 0.0), 3, 0, 3),  # too fast
    ],
    "double_pendulum": [
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), 40, 1, 3),
        ((0.05, 0.04, -0.06), (0.1, -0.1, 0.15), 40, 1, 0),
        ((-0.1, -0.05, 0.1), (0.0, 0.1, -0.1), 40, 1, 1),
        ((0.2, 0.1, 0.0), (0.5, 0.2, -0.6), 40, 1, 2),
        ((0.0, 0.001, -0.002), (0.0, 0.0, 0.0), 40, 0, 40),  # falls by itself
        ((0.97, 0.1, -0.2), (3.0, -1.0, 0.5), 20, 1, 0),  # the slider's limits
        ((-0.995, -0.2, 0.3), (-4.0, 2.0, -1.0), 20, 3, 0),
        ((1.02, 0.0, 0.0), (0.0, 0.0, 0.0), 20, 0, 20),
        ((0.4, 0.5, -0.9), (2.0, -3.0, 5.0), 20, 4, 0),
        ((0.0, 0.3, 0.4), (0.0, 12.0, -14.0), 20, 1, 0),  # velocities that are clipped
    ],
    "cartpole_swingup": [
        ((0.0, PI), (0.0, 0.0), 100, 5, 0),
        ((0.01, PI - 0.02), (0.01, -0.01), 100, 25, 0),
        ((0.5, 0.3), (-0.5, 1.0), 50, 2, 1),
        ((1.7, 2.0), (3.0, -4.0), 50, 10, 0),  # the slider's limits
        ((-1.79, -1.0), (-2.0, 9.0), 50, 20, 0),
    ],
    "acrobot": [
        ((0.0, 0.0), (0.0, 0.0), 100, 5, 0),
        ((PI, 0.0), (0.0, 0.0), 100, 20, 0),
        ((0.05, -0.1), (0.2, 0.1), 60, 1, 0),
        ((-2.0, 1.5), (4.0, -6.0), 60, 3, 3),
        ((3.0, -3.0), (-9.0, 12.0), 60, 10, 0),
    ],
    "pendulum": [
        ((PI,), (0.0,), 200, 4, 0),  # the time limit
        ((0.1,), (0.2,), 60, 1, 0),
        ((-2.5,), (-7.9,), 60, 8, 2),  # the speed limit
        ((7.0,), (7.5,), 60, 5, 0),
    ],
    "cartpole": [
        ((0.0, 0.0), (0.0, 0.0), 100, 1, 0),
        ((0.02, -0.03), (0.04, 0.01), 100, 1, 0),
        ((-0.04, 0.05), (0.03, -0.05), 100, 3, 0),
        ((2.31, 0.0), (1.5, 0.0), 50, 1, 0),  # over the edge
        ((-2.36, 0.02), (-1.0, -0.1), 50, 2, 0),
        ((1.0, 0.2), (0.5, -2.0), 50, 4, 0),
        ((-1.0, -0.15), (-0.5, 1.5), 50, 2, 0),
        ((0.5, 0.1), (-0.3, -0.5), 50, 1, 0),
    ],
}


def actions(count, episode, steps, hold, rest):
    """Indices below count, drawn by a 31-bit linear congruential generator."""
    state, drawn = 12345 + episode, 0
    for t in range(steps):
        phase = t % (hold + rest)
        if phase == 0:
            state = (1103515245 * state + 12345) % 2**31
            drawn = (state >> 16) % count
        yield drawn if phase < hold else count // 2


def digits(action, levels, joints):
    """The levels of an action index, joint 0 in its fastest digit."""
    return np.array([levels[action // len(levels) ** j % len(levels)] for j in range(joints)])


class GymnasiumTask:
    """A MuJoCo task of Gymnasium, without its checks, with its time limit."""

    stops = False  # can be stepped beyond its end

    def __init__(self, name, levels, joints):
        self.env = gymnasium.make(name, disable_env_checker=True)
        self.levels, self.joints = levels, joints
        self.action_count = len(levels) ** joints
        self.source = f"Gymnasium {name}, mujoco {mujoco.__version__}"
        self.time_limit = self.env.spec.max_episode_steps

    def start(self, qpos, qvel):
        self.env.reset(seed=0)
        task = self.env.unwrapped
        mujoco.mj_resetData(task.model, task.data)
        task.set_state(np.array(qpos), np.array(qvel))
        return task._get_obs()

    def step(self, action):
        ctrl = digits(action, self.levels, self.joints)
        return self.env.step(ctrl)[:4]

    def state(self):
        data = self.env.unwrapped.data
        return data.qpos, data.qvel, data.qacc_warmstart

    def constraints(self):
        return self.env.unwrapped.data.nefc


class DmControlTask:
    """A task of dm_control's suite; a control step is its own, with up-to-date positions."""

    stops = True
    action_count = 3

    def __init__(self, domain, task):
        self.env = suite.load(domain, task, task_kwargs={"random": 0})
        self.source = f"dm_control {domain} {task}, mujoco {mujoco.__version__}"
        self.time_limit = round(self.env._step_limit)

    def start(self, qpos, qvel):
        self.env.reset()
        with self.env.physics.reset_context():
            self.env.physics.data.qpos[:] = qpos
            self.env.physics.data.qvel[:] = qvel
        return self.observation(self.env.task.get_observation(self.env.physics))

    def step(self, action):
        now = self.env.step(np.array([action - 1.0]))
        terminated = now.last() and now.discount == 0.0
        return self.observation(now.observation), now.reward, terminated, now.last()

    @staticmethod
    def observation(parts):
        return np.concatenate([np.ravel(part) for part in parts.values()])

    def state(self):
        data = self.env.physics.data
        return data.qpos, data.qvel, data.qacc_warmstart

    def constraints(self):
        return self.env.physics.data.nefc


class ClassicTask:
    """A task of Gymnasium's classic control: plain equations. Its observation is single
    precision; what is recorded is that of the state, which is double."""

    stops = True

    def __init__(self, name, action_count):
        self.env = gymnasium.make(name, disable_env_checker=True)
        self.action_count = action_count
        self.source = f"Gymnasium {name}, no physics engine"
        self.time_limit = self.env.spec.max_episode_steps

    def start(self, qpos, qvel):
        self.env.reset(seed=0)
        self.env.unwrapped.state = self.pack(np.array(qpos), np.array(qvel))
        return self.observation()

    def step(self, action):
        single, reward, terminated, truncated = self.env.step(self.control(action))[:4]
        assert np.array_equal(single, self.observation().astype(np.float32))
        return self.observation(), reward, terminated, truncated

    def constraints(self):
        return 0


class Pendulum(ClassicTask):
    def __init__(self):
        super().__init__("Pendulum-v1", 3)

    def pack(self, qpos, qvel):
        return np.concatenate([qpos, qvel])

    def control(self, action):
        return np.array([2.0 * (action - 1)])

    def observation(self):
        theta, thetadot = self.env.unwrapped.state
        return np.array([np.cos(theta), np.sin(theta), thetadot])

    def state(self):
        theta, thetadot = self.env.unwrapped.state
        return [theta], [thetadot], []


class CartPole(ClassicTask):
    def __init__(self):
        super().__init__("CartPole-v1", 2)

    def pack(self, qpos, qvel):
        return np.array([qpos[0], qvel[0], qpos[1], qvel[1]])

    def control(self, action):
        return action

    def observation(self):
        return np.array(self.env.unwrapped.state)

    def state(self):
        x, xdot, theta, thetadot = self.env.unwrapped.state
        return [x, theta], [xdot, thetadot], []


TASKS = {
    "reacher": lambda: GymnasiumTask("Reacher-v5", (-1.0, 0.0, 1.0), 2),
    "hopper": lambda: GymnasiumTask("Hopper-v5", (-1.0, 0.0, 1.0), 3),
    "double_pendulum": lambda: GymnasiumTask(
        "InvertedDoublePendulum-v5", (-1.0, -0.5, 0.0, 0.5, 1.0), 1
    ),
    "cartpole_swingup": lambda: DmControlTask("cartpole", "swingup"),
    "acrobot": lambda: DmControlTask("acrobot", "swingup"),
    "pendulum": Pendulum,
    "cartpole": CartPole,
}


def text(values):
    return [f"{float(value):.17g}" for value in values]


def row(head, task, obs, tail):
    """The columns of `suite rollout`, then what the next step starts from."""
    qpos, qvel, warmstart = task.state()
    cells = head + text(qpos) + text(qvel) + text(obs) + tail
    return ",".join(cells + text(warmstart) + [str(task.constraints())]) + "\n"


def column_names(task, obs):
    parts = zip(("qpos", "qvel", "warmstart"), task.state())
    qpos, qvel, warmstart = ([f"{name}{i}" for i in range(len(v))] for name, v in parts)
    obs = [f"obs{i}" for i in range(len(obs))]
    ends = ["reward", "terminated", "truncated"]
    names = ["episode", "t", "action"] + qpos + qvel + obs + ends + warmstart + ["constraints"]
    return ",".join(names) + "\n"


def episode_rows(task, episode, start):
    qpos, qvel, *how = start
    obs = task.start(qpos, qvel)
    yield row([str(episode), "0", ""], task, obs, ["", "0", "0"])
    for t, action in enumerate(actions(task.action_count, episode, *how), 1):
        obs, reward, terminated, truncated = task.step(action)
        ends = text([reward]) + [str(int(terminated)), str(int(truncated))]
        yield row([str(episode), str(t), str(action)], task, obs, ends)
        if truncated or (terminated and task.stops):
            break


def header(task):
    dm_control = importlib.metadata.version("dm_control")
    return (
        f"# source: {task.source}\n"
        f"# with: gymnasium {gymnasium.__version__}, dm_control {dm_control}, "
        f"numpy {np.__version__}, python {platform.python_version()}\n"
        f"# settings: the original's own; our action grid at full strength, torque or force 1\n"
        f"# time_limit: {task.time_limit}\n"
    )


def main():
    here = pathlib.Path(__file__).parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    for family, make in TASKS.items():
        task = make()
        obs = task.start(*STARTS[family][0][:2])
        lines = [header(task), column_names(task, obs)]
        for episode, start in enumerate(STARTS[family]):
            lines += episode_rows(task, episode, start)
        (folder / f"{family}.csv").write_text("".join(lines))


if __name__ == "__main__":
    main()
