"""The core: values in, values out. No Flask, no environment, no clock, no network, no global state."""
