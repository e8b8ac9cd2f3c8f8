//! Gives back memory that the C library's allocator keeps free in the arenas of its threads.

use std::{fs, io, thread, time::Duration};

/// How often the process looks at how much it holds.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// Growth after which free memory is given back, in pages as the kernel counts them (4 KiB on most machines: 4 MiB).
const GROWTH_PAGES: usize = 1024;

/// Watches the process on a thread of its own: when it has grown, what is free goes back to the system. Evaluating and
/// training allocate and free on several threads; without this each of them keeps the most it ever held.
///
/// # Errors
/// The thread cannot be started.
pub fn watch() -> io::Result<()> {
    thread::Builder::new().name("heap".into()).spawn(|| {
        let mut least = resident();
        loop {
            thread::sleep(LOOK_AGAIN);
            let now = resident();
            if now > least.saturating_add(GROWTH_PAGES) {
                give_back();
                least = resident();
            }
            least = least.min(now);
        }
    })?;
    Ok(())
}

/// Pages that the process holds in memory (proc(5), `statm`); 0 where the system does not tell.
fn resident() -> usize {
    let told = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    told.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0)
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the C library has the only function that does it")]
fn give_back() {
    // SAFETY: malloc_trim(3) is safe to call at any time and from any thread; it takes a number and touches free memory.
    unsafe { libc::malloc_trim(0) };
}

/// Other C libraries give back by themselves, or have no such function.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_back() {}
