"""Measure how many environment steps a second DQN trains for: this suite, Stable-Baselines3, and a
plain PyTorch loop that does what our learner does. README.md says what is equal and what is not.

    python compare.py [--suite PATH] [--task TASK]... [--steps N] [--repeats N]
"""

import argparse
import collections
import itertools
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import types

import gymnasium
import mujoco
import numpy as np
import stable_baselines3
import torch

TASKS = {
    "reacher": "Reacher-v5",
    "pendulum": "Pendulum-v1",
    "cartpole": "CartPole-v1",
    "hopper": "Hopper-v5",
}

LEARNING_START = 200  # for all, so that steps without updates are few: hopper's own is 2000
WARM_UP = 1000  # steps of a peer before its clock starts: caches, and code that loads when used


# -- ours


def run_ours(suite, task, steps):
    """The record of a run of our program, made on this process's core."""
    with tempfile.TemporaryDirectory() as out:
        command = f"{suite} run --task {task} --member base --method scratch --seeds 1 --jobs 1"
        command += f" --steps {steps} --set run.episodes=1"
        command += f" --set agent.learning_start={LEARNING_START} --fresh --out {out}"
        subprocess.run(command.split(), check=True, capture_output=True)
        path = pathlib.Path(out, task, "base", "scratch", "seed-0", "run.json")
        return json.loads(path.read_text())


def learner_settings(record):
    """agent.* of a record as numbers, so that the peers get what ours ran with."""
    texts = record["settings"]
    agent = {k[6:]: json.loads(v) for k, v in texts.items() if k.startswith("agent.")}
    agent["epsilon"] = float(texts["explore." + texts["explore"]])
    agent["epsilon_end"] = float(texts["explore.end"])
    agent["epsilon_fraction"] = float(texts["explore.fraction"])
    agent["strength"] = next(
        float(v) for k, v in texts.items() if k.startswith(record["family"] + ".")
    )
    return types.SimpleNamespace(**agent)


# -- the original environment with our actions


class Discretised(gymnasium.Wrapper):
    """Our action grid in front of an environment, and our scale behind its rewards."""

    def __init__(self, env, strength, reward_scale):
        super().__init__(env)
        self.controls = action_grid(env.action_space, strength)
        self.action_space = gymnasium.spaces.Discrete(len(self.controls))
        self.reward_scale = reward_scale

    def step(self, action):
        obs, reward, *rest = self.env.step(self.controls[action])
        return obs, reward * self.reward_scale, *rest


def action_grid(space, strength):
    if isinstance(space, gymnasium.spaces.Discrete):
        return range(space.n)
    digits = list(itertools.product((-1, 0, 1), repeat=space.shape[0]))
    return (np.array(digits)[:, ::-1] * space.high * strength).astype(np.float32)


def make_env(task, s):
    env = gymnasium.make(TASKS[task], disable_env_checker=True)
    return Discretised(env, s.strength, s.reward_scale)


# -- Stable-Baselines3


def time_sb3(task, s, steps):
    model = stable_baselines3.DQN(
        "MlpPolicy",
        make_env(task, s),
        learning_rate=lambda left: s.lr * (s.lr_end + (1 - s.lr_end) * left),
        buffer_size=s.replay,
        learning_starts=s.learning_start,
        batch_size=s.batch,
        tau=s.tau,
        gamma=s.gamma,
        n_steps=s.n_step,
        train_freq=s.train_every,
        gradient_steps=1,
        target_update_interval=s.train_every,
        exploration_initial_eps=s.epsilon,
        exploration_final_eps=s.epsilon_end,
        exploration_fraction=s.epsilon_fraction,
        policy_kwargs={
            "net_arch": [s.hidden] * s.layers,
            "optimizer_kwargs": {"eps": s.adam_epsilon},
        },
        seed=0,
        device="cpu",
    )
    model.learn(WARM_UP)
    began = time.process_time()
    model.learn(steps, reset_num_timesteps=False)
    return steps / (time.process_time() - began)


# -- a loop in PyTorch


class Memory:
    """A ring of n-step transitions."""

    def __init__(self, s, obs_dim):
        self.obs = np.zeros((s.replay, obs_dim), np.float32)
        self.next_obs = np.zeros((s.replay, obs_dim), np.float32)
        self.action = np.zeros((s.replay, 1), np.int64)
        self.reward = np.zeros((s.replay, 1), np.float32)
        self.discount = np.zeros((s.replay, 1), np.float32)
        self.capacity, self.n, self.gamma = s.replay, s.n_step, s.gamma
        self.pending = collections.deque()
        self.stored = 0

    def push(self, obs, action, reward, next_obs, terminated, over):
        self.pending.append((obs, action, reward))
        while len(self.pending) == self.n or (over and self.pending):
            self.store_oldest(next_obs, terminated)

    def store_oldest(self, next_obs, terminated):
        i = self.stored % self.capacity
        self.obs[i], self.action[i], _ = self.pending[0]
        self.next_obs[i] = next_obs
        self.reward[i] = sum(self.gamma**k * step[2] for k, step in enumerate(self.pending))
        self.discount[i] = 0.0 if terminated else self.gamma ** len(self.pending)
        self.pending.popleft()
        self.stored += 1

    def sample(self, random, count):
        rows = random.integers(min(self.stored, self.capacity), size=count)
        parts = (self.obs, self.action, self.reward, self.discount, self.next_obs)
        return [torch.from_numpy(part[rows]) for part in parts]


def make_network(s, obs_dim, action_count):
    widths = [obs_dim] + [s.hidden] * s.layers
    layers = []
    for before, after in itertools.pairwise(widths):
        layers += [torch.nn.Linear(before, after), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(s.hidden, action_count))


class Learner:
    """Double DQN with the networks that ours has: online, target and, where set, an average."""

    def __init__(self, s, obs_dim, action_count):
        self.s = s
        self.online, self.target, self.average = (
            make_network(s, obs_dim, action_count) for _ in range(3)
        )
        for follower in (self.target, self.average):
            follower.load_state_dict(self.online.state_dict())
        # lists, so that no update walks through the modules to find them
        params, target, average = (
            list(network.parameters()) for network in (self.online, self.target, self.average)
        )
        self.followers = [(list(zip(target, params)), s.tau)]
        if s.average > 0:
            self.followers.append((list(zip(average, params)), s.average))
        # one kernel for all parameters: the fastest Adam that PyTorch has on a CPU
        self.adam = torch.optim.Adam(params, lr=s.lr, eps=s.adam_epsilon, fused=True)

    @torch.no_grad()
    def best_action(self, obs):
        return int(self.online(torch.from_numpy(obs)).argmax())

    def update(self, batch, share):
        obs, action, reward, discount, next_obs = batch
        with torch.no_grad():
            best = self.online(next_obs).argmax(1, keepdim=True)
            y = reward + discount * self.target(next_obs).gather(1, best)
        q = self.online(obs).gather(1, action)
        loss = torch.nn.functional.huber_loss(q, y, delta=self.s.huber)

        self.adam.zero_grad()
        loss.backward()
        self.adam.param_groups[0]["lr"] = self.s.lr * (1 + (self.s.lr_end - 1) * share)
        self.adam.step()
        self.follow()

    @torch.no_grad()
    def follow(self):
        for pairs, rate in self.followers:
            for behind, ahead in pairs:
                behind.lerp_(ahead, rate)


def epsilon_at(s, share):
    fallen = min(share / s.epsilon_fraction, 1.0)
    return s.epsilon + (s.epsilon_end - s.epsilon) * fallen


def time_loop(task, s, steps):
    env = make_env(task, s)
    random = np.random.default_rng(0)
    torch.manual_seed(0)
    obs_dim, action_count = env.observation_space.shape[0], int(env.action_space.n)
    learner, memory = Learner(s, obs_dim, action_count), Memory(s, obs_dim)

    obs = env.reset(seed=0)[0].astype(np.float32)
    for t in range(1, WARM_UP + steps + 1):
        share = t / (WARM_UP + steps)
        if random.random() < epsilon_at(s, share):
            action = int(random.integers(action_count))
        else:
            action = learner.best_action(obs)
        next_obs, reward, terminated, truncated, _ = env.step(action)
        next_obs = next_obs.astype(np.float32)
        over = terminated or truncated
        memory.push(obs, action, reward, next_obs, terminated, over)
        obs = env.reset()[0].astype(np.float32) if over else next_obs

        if t >= s.learning_start and t % s.train_every == 0:
            learner.update(memory.sample(random, s.batch), share)
        if t == WARM_UP:
            began = time.process_time()
    return steps / (time.process_time() - began)


# -- all together


def compare(suite, task, steps, repeats):
    """A row of the table, and the last record of ours."""
    ours, sb3, loop = [], [], []
    # in turns, so that a slow minute of the machine is everyone's
    for i in range(repeats):
        record = run_ours(suite, task, steps)
        s = learner_settings(record)
        ours.append(record["timing"]["steps_per_s"])
        sb3.append(time_sb3(task, s, steps))
        loop.append(time_loop(task, s, steps))
        print(task, i + 1, *(round(rates[-1]) for rates in (ours, sb3, loop)), file=sys.stderr)

    us, them, it = (statistics.median(rates) for rates in (ours, sb3, loop))
    network = f"{s.layers} x {s.hidden}, update every {s.train_every}"
    cells = [task, network, f"{us:,.0f}", f"{them:,.0f}", f"{us / them:.1f}"]
    return cells + [f"{it:,.0f}", f"{us / it:.1f}"], record


def versions(record):
    peers = [
        f"torch {torch.__version__} ({torch.backends.cpu.get_cpu_capability()})",
        f"Stable-Baselines3 {stable_baselines3.__version__}",
        f"gymnasium {gymnasium.__version__}",
        f"mujoco {mujoco.__version__}",
        f"numpy {np.__version__}",
        f"Python {platform.python_version()}",
    ]
    ours = [
        f"commit {record['commit']}",
        f"MuJoCo {record['mujoco']}",
        record["blas"],
        record["compiler"],
    ]
    return f"Peers: {', '.join(peers)}. Ours: {', '.join(ours)}. CPU: {record['cpu']}."


def parse_options():
    here = pathlib.Path(__file__).resolve()
    parser = argparse.ArgumentParser()
    parser.add_argument("--suite", default=here.parents[2] / "build/release/bin/suite")
    parser.add_argument("--task", action="append", choices=TASKS)
    parser.add_argument("--steps", type=int, default=20000)
    parser.add_argument("--repeats", type=int, default=3)
    return parser.parse_args()


def main():
    options = parse_options()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    torch.set_num_threads(1)

    columns = ["task", "network", "ours", "SB3", "ours / SB3", "loop", "ours / loop"]
    rows = [columns, ["---", "---"] + ["--:"] * 5]
    for task in options.task or TASKS:
        row, record = compare(options.suite, task, options.steps, options.repeats)
        rows.append(row)
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print("\n" + versions(record))


if __name__ == "__main__":
    main()
